import { operation } from "../operation";
import { structure } from "../shapes";
import { findQueue, queueUrl } from "./queue";

export const deleteQueue = operation(
  "DeleteQueue",
  structure({ QueueUrl: queueUrl }, ["QueueUrl"]),
  (given, invocation) => {
    invocation.cloud.queues.delete(findQueue(given.QueueUrl, "DeleteQueue", invocation).arn);
    return undefined;
  },
);
