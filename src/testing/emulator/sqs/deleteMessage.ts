import { AwsError } from "../errors";
import { operation } from "../operation";
import { list, string, structure } from "../shapes";
import { byReceiptHandle, findQueue, type Queue, queueUrl } from "./queue";

export const deleteMessage = operation(
  "DeleteMessage",
  structure({ QueueUrl: queueUrl, ReceiptHandle: string({}) }, ["QueueUrl", "ReceiptHandle"]),
  (given, invocation) => {
    remove(findQueue(given.QueueUrl, "DeleteMessage", invocation), given.ReceiptHandle);
    return undefined;
  },
);

const entry = structure({ Id: string({}), ReceiptHandle: string({}) }, ["Id", "ReceiptHandle"]);

const batch = structure({ QueueUrl: queueUrl, Entries: list(entry, { min: 1, max: 10 }) }, [
  "QueueUrl",
  "Entries",
]);

export const deleteMessageBatch = operation("DeleteMessageBatch", batch, (given, invocation) => {
  const queue = findQueue(given.QueueUrl, "DeleteMessage", invocation);
  const failures = given.Entries.map(({ Id, ReceiptHandle }) => {
    try {
      remove(queue, ReceiptHandle);
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { Id, Code: error.code, Message: error.message, SenderFault: true };
    }
  });
  return {
    Successful: given.Entries.filter((_, index) => failures[index] === undefined).map(({ Id }) => ({ Id })),
    Failed: failures.filter((failure) => failure !== undefined),
  };
});

/** Deleting a message twice is fine. */
function remove(queue: Queue, handle: string): void {
  const message = byReceiptHandle(queue, handle);
  queue.messages = queue.messages.filter((item) => item !== message);
}
