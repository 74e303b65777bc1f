import { operation } from "../operation";
import { integer, string, structure } from "../shapes";
import { byReceiptHandle, findQueue, invalidValue, later, queueUrl } from "./queue";

const input = structure({ QueueUrl: queueUrl, ReceiptHandle: string({}), VisibilityTimeout: integer({}) }, [
  "QueueUrl",
  "ReceiptHandle",
  "VisibilityTimeout",
]);

export const changeMessageVisibility = operation("ChangeMessageVisibility", input, (given, invocation) => {
  const queue = findQueue(given.QueueUrl, "ChangeMessageVisibility", invocation);
  if (given.VisibilityTimeout < 0 || given.VisibilityTimeout > 43_200) {
    throw invalidValue("VisibilityTimeout must be from 0 to 43200");
  }
  const message = byReceiptHandle(queue, given.ReceiptHandle);
  if (message === undefined) throw invalidValue("The message referred to does not exist.");
  message.visibleAt = later(invocation.now, given.VisibilityTimeout);
  return undefined;
});
