import { AwsError } from "../errors";
import { operation } from "../operation";
import { map, string, structure } from "../shapes";
import { defaultAttributes, setAttribute } from "./attributes";
import { invalidValue, notEmulated, type Queue } from "./queue";

const strings = map(string({}), string({}));

const input = structure({ QueueName: string({}), Attributes: strings, tags: strings }, ["QueueName"]);

/** Idempotent: a queue that exists is answered as it is, unless other attributes are asked for. */
export const createQueue = operation("CreateQueue", input, (given, { caller, region, now, cloud }) => {
  if (given.QueueName.endsWith(".fifo")) throw notEmulated("A FIFO queue");
  if (!/^[\w-]{1,80}$/.test(given.QueueName)) {
    throw invalidValue(
      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    );
  }
  const arn = `arn:aws:sqs:${region}:${caller.account}:${given.QueueName}`;
  const attributes = defaultAttributes();
  for (const [name, value] of given.Attributes ?? []) setAttribute(attributes, name, value);
  const existing = cloud.queues.get(arn);
  if (existing !== undefined) {
    for (const [name, value] of given.Attributes ?? []) {
      if (existing.attributes.get(name) === value) continue;
      throw new AwsError(
        "QueueNameExists",
        400,
        `A queue already exists with the same name and a different value for attribute ${name}`,
      );
    }
    return { QueueUrl: existing.url };
  }
  const queue: Queue = {
    arn,
    url: `${cloud.endpoint}/${caller.account}/${given.QueueName}`,
    account: caller.account,
    name: given.QueueName,
    createdAt: now,
    modifiedAt: now,
    attributes,
    tags: new Map(given.tags),
    messages: [],
  };
  cloud.queues.set(arn, queue);
  return { QueueUrl: queue.url };
});
