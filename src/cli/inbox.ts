import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import { call, type Remedies } from "../aws/errors";
import type { DelegationNotification } from "../mailbox/messages";
import { parseNotification } from "../mailbox/notification";
import { REMEDIES } from "./aws";
import type { InboxAddress, RequestCache } from "./cache";
import { REQUEST_ID } from "./cachedCredentials";

/** How long SQS hides what it has handed out: as long as a crash of ours keeps it from others. */
const VISIBILITY_SECONDS = 30;

export interface Batch {
  received: number;
  /** How many messages were of the requests asked for. */
  ours: number;
  /** How many were of other requests. */
  others: number;
}

/**
 * Reads a queue that several readers may share. Everything that a message tells is kept first. Then what is of the
 * requests asked for is deleted; what is of others is released at once, for who waits for it elsewhere; what is
 * no notification is left alone, so that SQS moves it to the dead-letter queue.
 */
export class Inbox {
  private readonly reported = new Set<string>();
  private remembered = false;

  constructor(
    private readonly sqs: SQSClient,
    private readonly address: InboxAddress,
    private readonly cache: RequestCache,
    private readonly warn: (text: string) => void,
  ) {}

  /**
   * @param wanted the requests that this reader waits for
   * @param waitSeconds how long to wait for a first message, 0 to 20
   * @param abortSignal ends the waiting; what was received before is still dealt with
   */
  async receive(wanted: ReadonlySet<string>, waitSeconds: number, abortSignal: AbortSignal): Promise<Batch> {
    const messages = await this.messages(waitSeconds, abortSignal);
    this.remember(wanted);
    const done: Message[] = [];
    const released: Message[] = [];
    const batch: Batch = { received: messages.length, ours: 0, others: 0 };
    for (const message of messages) {
      const notification = this.read(message);
      if (!notification) continue;
      const kept = this.cache.merge(notification);
      const ours = wanted.has(notification.requestId);
      batch[ours ? "ours" : "others"]++;
      (ours && kept ? done : released).push(message);
    }
    await this.delete(done);
    await this.release(released);
    return batch;
  }

  private async messages(WaitTimeSeconds: number, abortSignal: AbortSignal): Promise<Message[]> {
    const { ReceiveMessageCommand } = await import("@aws-sdk/client-sqs");
    const receive = new ReceiveMessageCommand({
      QueueUrl: this.address.queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: VISIBILITY_SECONDS,
      WaitTimeSeconds,
    });
    try {
      const { Messages = [] } = await this.call("ReceiveMessage", () =>
        this.sqs.send(receive, { abortSignal }),
      );
      return Messages;
    } catch (error) {
      if (abortSignal.aborted) return [];
      throw error;
    }
  }

  /** Once the queue has answered: later commands find it without being told. */
  private remember(requestIds: ReadonlySet<string>): void {
    for (const requestId of this.remembered ? [] : requestIds) this.cache.keepInbox(requestId, this.address);
    this.remembered = true;
  }

  private read({ MessageId = "", Body = "" }: Message): DelegationNotification | undefined {
    const { topicArn } = this.address;
    const parsed = parseNotification(Body, topicArn === undefined ? {} : { topicArn });
    // The id will name a folder.
    if (parsed.kind === "notification" && REQUEST_ID.test(parsed.notification.requestId))
      return parsed.notification;
    const reason = parsed.kind === "unrecognized" ? parsed.reason : "names no delegation request";
    if (!this.reported.has(MessageId)) {
      this.warn(`A message of the queue ${reason}. It is left there (message id ${MessageId}).`);
    }
    this.reported.add(MessageId);
    return undefined;
  }

  private async delete(messages: Message[]): Promise<void> {
    if (messages.length === 0) return;
    const { DeleteMessageBatchCommand } = await import("@aws-sdk/client-sqs");
    const Entries = entries(messages);
    const command = new DeleteMessageBatchCommand({ QueueUrl: this.address.queueUrl, Entries });
    await this.call("DeleteMessage", () => this.sqs.send(command));
  }

  private async release(messages: Message[]): Promise<void> {
    if (messages.length === 0) return;
    const { ChangeMessageVisibilityBatchCommand } = await import("@aws-sdk/client-sqs");
    const Entries = entries(messages).map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.address.queueUrl, Entries });
    await this.call("ChangeMessageVisibility", () => this.sqs.send(command));
  }

  private call<Answer>(operation: string, send: () => Promise<Answer>): Promise<Answer> {
    return call(`sqs:${operation}`, this.address.queueUrl, send, { ...REMEDIES, ...NO_QUEUE });
  }
}

const entries = (messages: Message[]) =>
  messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));

const NO_QUEUE: Remedies = {
  QueueDoesNotExist: "Check --queue-url, the region, and that the credentials are of the queue's account.",
  "AWS.SimpleQueueService.NonExistentQueue":
    "Check --queue-url, the region, and that the credentials are of the queue's account.",
};

/** The region in a queue's URL; undefined where it isn't AWS's own. */
export const regionOf = (queueUrl: string): string | undefined =>
  /^https:\/\/sqs(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|api\.aws)/.exec(queueUrl)?.[1];
