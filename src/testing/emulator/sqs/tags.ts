import { operation } from "../operation";
import { list, map, string, structure } from "../shapes";
import { findQueue, queueUrl } from "./queue";

export const tagQueue = operation(
  "TagQueue",
  structure({ QueueUrl: queueUrl, Tags: map(string({}), string({})) }, ["QueueUrl", "Tags"]),
  (given, invocation) => {
    const { tags } = findQueue(given.QueueUrl, "TagQueue", invocation);
    for (const [key, value] of given.Tags) tags.set(key, value);
    return undefined;
  },
);

export const untagQueue = operation(
  "UntagQueue",
  structure({ QueueUrl: queueUrl, TagKeys: list(string({})) }, ["QueueUrl", "TagKeys"]),
  (given, invocation) => {
    const { tags } = findQueue(given.QueueUrl, "UntagQueue", invocation);
    for (const key of given.TagKeys) tags.delete(key);
    return undefined;
  },
);

export const listQueueTags = operation(
  "ListQueueTags",
  structure({ QueueUrl: queueUrl }, ["QueueUrl"]),
  (given, invocation) => ({ Tags: findQueue(given.QueueUrl, "ListQueueTags", invocation).tags }),
);
