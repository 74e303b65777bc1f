import { createHash, randomUUID } from "node:crypto";
import type { Cloud } from "../cloud";
import { AwsError } from "../errors";
import type { Invocation } from "../operation";
import { isAllowed } from "../policy";
import { string } from "../shapes";

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: Date;
  readonly senderId: string;
  /** When it can be received, next. */
  visibleAt: Date;
  receiveCount: number;
  firstReceivedAt?: Date;
}

export interface Queue {
  readonly arn: string;
  readonly url: string;
  readonly account: string;
  readonly name: string;
  readonly createdAt: Date;
  modifiedAt: Date;
  attributes: ReadonlyMap<string, string>;
  readonly tags: Map<string, string>;
  /** Oldest first. */
  messages: Message[];
}

export const queueUrl = string({ min: 1 });

export const invalidValue = (message: string) => new AwsError("InvalidParameterValue", 400, message);

export const notEmulated = (what: string) =>
  new AwsError("UnsupportedOperation", 400, `${what} is not emulated by the embedded AWS`);

const missing = () => new AwsError("QueueDoesNotExist", 400, "The specified queue does not exist.");

/** The queue behind a URL `…/ACCOUNT/NAME`, when the caller may do `action` on it: its account, or whom its policy allows. */
export function findQueue(url: string, action: string, { caller, region, cloud }: Invocation): Queue {
  const [, account, name] = /\/(\d{12})\/([\w-]{1,80})$/.exec(url) ?? [];
  const queue = cloud.queues.get(`arn:aws:sqs:${region}:${account}:${name}`);
  if (queue === undefined) throw missing();
  const allowed =
    queue.account === caller.account ||
    isAllowed(queue.attributes.get("Policy"), {
      principal: { account: caller.account, arn: caller.arn },
      action: `sqs:${action}`,
      resource: queue.arn,
      context: { "aws:sourceaccount": caller.account },
    });
  if (!allowed) {
    throw new AwsError(
      "AccessDeniedException",
      403,
      `User: ${caller.arn} is not authorized to perform: sqs:${action} on resource: ${queue.arn}`,
    );
  }
  return queue;
}

export function findQueueByName(name: string, account: string, { region, cloud }: Invocation): Queue {
  const queue = cloud.queues.get(`arn:aws:sqs:${region}:${account}:${name}`);
  if (queue === undefined) throw missing();
  return queue;
}

/** Delivers from a topic, when the queue's policy lets SNS. Answers the reason when it does not. */
export function deliver(queueArn: string, body: string, topicArn: string, cloud: Cloud): string | undefined {
  const queue = cloud.queues.get(queueArn);
  if (queue === undefined) return "there is no such queue";
  const allowed = isAllowed(queue.attributes.get("Policy"), {
    principal: { service: "sns.amazonaws.com" },
    action: "sqs:SendMessage",
    resource: queueArn,
    context: { "aws:sourcearn": topicArn, "aws:sourceaccount": topicArn.split(":")[4] ?? "" },
  });
  if (!allowed) return "its policy does not allow sns.amazonaws.com SQS:SendMessage";
  enqueue(queue, body, "AIDAIT2UOQQY3AUEKVGXU", cloud.clock.now());
  return undefined;
}

/** `delaySeconds` defaults to the queue's own. */
export function enqueue(
  queue: Queue,
  body: string,
  senderId: string,
  now: Date,
  delaySeconds?: number,
): Message {
  const delay = delaySeconds ?? numeric(queue, "DelaySeconds");
  const message = {
    id: randomUUID(),
    body,
    sentAt: now,
    senderId,
    visibleAt: later(now, delay),
    receiveCount: 0,
  };
  queue.messages.push(message);
  return message;
}

/** Receives up to `max` messages: each becomes invisible for a while, or moves to the dead-letter queue. */
export function receive(queue: Queue, max: number, visibilitySeconds: number, cloud: Cloud): Message[] {
  const now = cloud.clock.now();
  forgetExpired(queue, now);
  const { maxReceiveCount, target } = redrive(queue);
  const received: Message[] = [];
  for (const message of [...queue.messages]) {
    if (received.length === max) break;
    if (now < message.visibleAt) continue;
    if (message.receiveCount >= maxReceiveCount) {
      queue.messages = queue.messages.filter((item) => item !== message);
      const deadLetters = target === undefined ? undefined : cloud.queues.get(target);
      deadLetters?.messages.push({ ...message, visibleAt: now });
      continue;
    }
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    message.visibleAt = later(now, visibilitySeconds);
    received.push(message);
  }
  return received;
}

export function forgetExpired(queue: Queue, now: Date): void {
  const retention = numeric(queue, "MessageRetentionPeriod");
  queue.messages = queue.messages.filter(({ sentAt }) => now < later(sentAt, retention));
}

function redrive(queue: Queue): { maxReceiveCount: number; target: string | undefined } {
  const policy = queue.attributes.get("RedrivePolicy");
  if (policy === undefined) return { maxReceiveCount: Number.POSITIVE_INFINITY, target: undefined };
  const {
    deadLetterTargetArn,
    maxReceiveCount,
  }: { deadLetterTargetArn: string; maxReceiveCount: number | string } = JSON.parse(policy);
  return { maxReceiveCount: Number(maxReceiveCount), target: deadLetterTargetArn };
}

/** A receipt handle names its message; it stays good however often the message is received again. */
export const receiptHandle = (message: Message): string =>
  Buffer.from(`${message.id} ${randomUUID()}`).toString("base64");

/** The message behind a handle; undefined when it has been deleted. */
export function byReceiptHandle(queue: Queue, handle: string): Message | undefined {
  const [id] = Buffer.from(handle, "base64").toString("utf8").split(" ");
  if (!/^[0-9a-f-]{36}$/.test(id ?? "")) {
    throw new AwsError("ReceiptHandleIsInvalid", 404, "The input receipt handle is invalid.");
  }
  return queue.messages.find((message) => message.id === id);
}

export const numeric = (queue: Queue, attribute: string): number => Number(queue.attributes.get(attribute));

export const later = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1_000);

export const md5 = (text: string): string => createHash("md5").update(text, "utf8").digest("hex");
