import { setTimeout as delay } from "node:timers/promises";
import { operation } from "../operation";
import { integer, list, string, structure } from "../shapes";
import {
  findQueue,
  invalidValue,
  type Message,
  md5,
  numeric,
  queueUrl,
  receiptHandle,
  receive,
} from "./queue";

const input = structure(
  {
    QueueUrl: queueUrl,
    AttributeNames: list(string({})),
    MessageSystemAttributeNames: list(string({})),
    MessageAttributeNames: list(string({})),
    MaxNumberOfMessages: integer({}),
    VisibilityTimeout: integer({}),
    WaitTimeSeconds: integer({}),
    ReceiveRequestAttemptId: string({}),
  },
  ["QueueUrl"],
);

const LOOK_EVERY_MS = 50;

/** Waiting for messages takes real time, whatever the emulator's clock; how long they stay invisible is the clock's. */
export const receiveMessage = operation("ReceiveMessage", input, async (given, invocation) => {
  const { cloud, gone } = invocation;
  const queue = findQueue(given.QueueUrl, "ReceiveMessage", invocation);
  const max = bounded("MaxNumberOfMessages", given.MaxNumberOfMessages ?? 1, 1, 10);
  const visibility = bounded(
    "VisibilityTimeout",
    given.VisibilityTimeout ?? numeric(queue, "VisibilityTimeout"),
    0,
    43_200,
  );
  const wait = bounded(
    "WaitTimeSeconds",
    given.WaitTimeSeconds ?? numeric(queue, "ReceiveMessageWaitTimeSeconds"),
    0,
    20,
  );
  const deadline = performance.now() + wait * 1_000;
  let messages = receive(queue, max, visibility, cloud);
  while (messages.length === 0 && performance.now() < deadline) {
    await delay(LOOK_EVERY_MS, undefined, { signal: gone });
    cloud.settle();
    messages = receive(queue, max, visibility, cloud);
  }
  const names = [...(given.AttributeNames ?? []), ...(given.MessageSystemAttributeNames ?? [])];
  return messages.length === 0 ? {} : { Messages: messages.map((message) => describe(message, names)) };
});

function bounded(name: string, value: number, min: number, max: number): number {
  if (value >= min && value <= max) return value;
  throw invalidValue(
    `Value ${value} for parameter ${name} is invalid. Reason: Must be >= ${min} and <= ${max}, if provided.`,
  );
}

function describe(message: Message, names: readonly string[]) {
  const attributes = new Map([
    ["SenderId", message.senderId],
    ["SentTimestamp", String(message.sentAt.getTime())],
    ["ApproximateReceiveCount", String(message.receiveCount)],
    ["ApproximateFirstReceiveTimestamp", String(message.firstReceivedAt?.getTime())],
  ]);
  const wanted = [...attributes].filter(([name]) => names.includes("All") || names.includes(name));
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(message),
    MD5OfBody: md5(message.body),
    Body: message.body,
    Attributes: wanted.length === 0 ? undefined : new Map(wanted),
  };
}
