import { operation } from "../operation";
import { map, string, structure } from "../shapes";
import { setAttribute } from "./attributes";
import { findQueue, queueUrl } from "./queue";

const input = structure({ QueueUrl: queueUrl, Attributes: map(string({}), string({})) }, [
  "QueueUrl",
  "Attributes",
]);

/** All of them are set, or none. */
export const setQueueAttributes = operation("SetQueueAttributes", input, (given, invocation) => {
  const queue = findQueue(given.QueueUrl, "SetQueueAttributes", invocation);
  const changed = new Map(queue.attributes);
  for (const [name, value] of given.Attributes) setAttribute(changed, name, value);
  queue.attributes = changed;
  queue.modifiedAt = invocation.now;
  return undefined;
});
