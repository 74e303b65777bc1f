import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import { REQUEST_ID } from "../aws/delegationRequestState";
import { call, type Remedies, remedyFor } from "../aws/errors";
import type { DelegationNotification } from "../mailbox/messages";
import { parseNotification } from "../mailbox/notification";
import { REMEDIES } from "./aws";
import type { InboxAddress, RequestCache } from "./cache";

/** How long SQS hides a received message. After a crash, other readers get it only when this is over. */
const VISIBILITY_SECONDS = 30;

export interface ReceiveResult {
  received: number;
  /** How many messages were of the requests asked for. */
  ours: number;
  /** How many were of other requests. */
  others: number;
}

/**
 * Reads a queue that several readers may share. Every notification is saved in the cache first. Then those of this
 * reader's requests are deleted, and those of other requests are made visible again at once, for the reader that waits
 * for them. What is not a notification stays received, so that SQS moves it to the dead-letter queue in the end.
 */
export class Inbox {
  private readonly warnedMessageIds = new Set<string>();
  private addressSaved = false;

  constructor(
    private readonly sqs: SQSClient,
    private readonly address: InboxAddress,
    private readonly cache: RequestCache,
    private readonly warn: (text: string) => void,
  ) {}

  /**
   * @param requestIds the requests that this reader waits for
   * @param waitSeconds how long to wait for a first message, 0 to 20
   * @param abortSignal ends the waiting; messages that have been received are still processed
   */
  async receive(
    requestIds: ReadonlySet<string>,
    waitSeconds: number,
    abortSignal: AbortSignal,
  ): Promise<ReceiveResult> {
    const messages = await this.messages(waitSeconds, abortSignal);
    this.saveAddress(requestIds);
    const toDelete: Message[] = [];
    const toRelease: Message[] = [];
    const result: ReceiveResult = { received: messages.length, ours: 0, others: 0 };
    for (const message of messages) {
      const notification = this.parse(message);
      if (!notification) continue;
      const saved = this.cache.merge(notification);
      const ours = requestIds.has(notification.requestId);
      result[ours ? "ours" : "others"]++;
      (ours && saved ? toDelete : toRelease).push(message);
    }
    await this.delete(toDelete);
    await this.release(toRelease);
    return result;
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

  /** Called once the queue has answered. Later commands need no --queue-url then. */
  private saveAddress(requestIds: ReadonlySet<string>): void {
    for (const requestId of this.addressSaved ? [] : requestIds)
      this.cache.saveInbox(requestId, this.address);
    this.addressSaved = true;
  }

  private parse({ MessageId = "", Body = "" }: Message): DelegationNotification | undefined {
    const { topicArn } = this.address;
    const parsed = parseNotification(Body, topicArn === undefined ? {} : { topicArn });
    // The cache names a folder by the id.
    if (parsed.kind === "notification" && REQUEST_ID.test(parsed.notification.requestId))
      return parsed.notification;
    const reason = parsed.kind === "unrecognized" ? parsed.reason : "names no delegation request";
    if (!this.warnedMessageIds.has(MessageId)) {
      this.warn(`A message of the queue ${reason}. It is left there (message id ${MessageId}).`);
    }
    this.warnedMessageIds.add(MessageId);
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

const NO_QUEUE: Remedies = remedyFor(
  ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"],
  "Check --queue-url, the region, and that the credentials belong to the queue's account.",
);

/** The region in a queue's URL; undefined when it is not a URL of AWS. */
export const queueRegion = (queueUrl: string): string | undefined =>
  /^https:\/\/sqs(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|api\.aws)/.exec(queueUrl)?.[1];
