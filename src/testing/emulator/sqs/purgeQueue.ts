import { operation } from "../operation";
import { structure } from "../shapes";
import { findQueue, queueUrl } from "./queue";

export const purgeQueue = operation(
  "PurgeQueue",
  structure({ QueueUrl: queueUrl }, ["QueueUrl"]),
  (given, invocation) => {
    findQueue(given.QueueUrl, "PurgeQueue", invocation).messages = [];
    return undefined;
  },
);
