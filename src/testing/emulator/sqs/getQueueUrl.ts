import { operation } from "../operation";
import { string, structure } from "../shapes";
import { findQueue, findQueueByName } from "./queue";

const input = structure({ QueueName: string({}), QueueOwnerAWSAccountId: string({}) }, ["QueueName"]);

export const getQueueUrl = operation("GetQueueUrl", input, (given, invocation) => {
  const account = given.QueueOwnerAWSAccountId ?? invocation.caller.account;
  const { url } = findQueueByName(given.QueueName, account, invocation);
  return { QueueUrl: findQueue(url, "GetQueueUrl", invocation).url };
});
