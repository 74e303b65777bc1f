import { AwsError } from "../errors";
import { operation } from "../operation";
import { list, string, structure } from "../shapes";
import { allAttributes } from "./attributes";
import { findQueue, queueUrl } from "./queue";

const OPTIONAL = [
  "Policy",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
];

const input = structure({ QueueUrl: queueUrl, AttributeNames: list(string({})) }, ["QueueUrl"]);

export const getQueueAttributes = operation("GetQueueAttributes", input, (given, invocation) => {
  const queue = findQueue(given.QueueUrl, "GetQueueAttributes", invocation);
  const all = allAttributes(queue, invocation.now);
  const names = given.AttributeNames ?? [];
  for (const name of names) {
    if (name !== "All" && !all.has(name) && !OPTIONAL.includes(name)) {
      throw new AwsError("InvalidAttributeName", 400, `Unknown Attribute ${name}.`);
    }
  }
  return { Attributes: new Map([...all].filter(([name]) => names.includes("All") || names.includes(name))) };
});
