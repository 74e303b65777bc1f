import type { Message, QueueAttributeName, SQSClient } from "@aws-sdk/client-sqs";
import { call } from "../aws/errors";
import { QUEUE_REMEDIES } from "../mailbox/queue";

/** A message that nobody understood, or that was received too often. */
export interface DeadLetter {
  messageId: string;
  /** Null when SQS itself has moved it, after too many receives. */
  reason: string | null;
  sentAt: string | null;
}

/** How many messages are in a queue, approximately: those that can be received, and those that a reader has. */
export async function depthOf(
  sqs: SQSClient,
  QueueUrl: string,
): Promise<{ waiting: number; inFlight: number }> {
  const { GetQueueAttributesCommand } = await import("@aws-sdk/client-sqs");
  const AttributeNames: QueueAttributeName[] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
  ];
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames });
  const send = () => sqs.send(command);
  const { Attributes = {} } = await call("sqs:GetQueueAttributes", QueueUrl, send, QUEUE_REMEDIES);
  const [waiting = 0, inFlight = 0] = AttributeNames.map((name) => Number(Attributes[name]));
  return { waiting, inFlight };
}

/** How many are looked at. */
const LIMIT = 100;
/** For how long the messages are hidden that are looked at. */
const VISIBILITY_SECONDS = 60;

/** The dead letters of an inbox, which are hidden from others until they are released. */
export class DeadLetters {
  private constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
    private readonly messages: readonly Message[],
  ) {}

  /** Receives up to a hundred. */
  static async receive(sqs: SQSClient, queueUrl: string): Promise<DeadLetters> {
    const { ReceiveMessageCommand } = await import("@aws-sdk/client-sqs");
    const command = new ReceiveMessageCommand({
      ...{ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 },
      ...{ VisibilityTimeout: VISIBILITY_SECONDS, MessageAttributeNames: ["reason"] },
      MessageSystemAttributeNames: ["SentTimestamp"],
    });
    const messages: Message[] = [];
    while (messages.length < LIMIT) {
      const { Messages = [] } = await call(
        "sqs:ReceiveMessage",
        queueUrl,
        () => sqs.send(command),
        QUEUE_REMEDIES,
      );
      if (Messages.length === 0) break;
      messages.push(...Messages);
    }
    return new DeadLetters(sqs, queueUrl, messages);
  }

  list(): DeadLetter[] {
    return this.messages.map(({ MessageId = "", MessageAttributes = {}, Attributes = {} }) => ({
      messageId: MessageId,
      reason: MessageAttributes["reason"]?.StringValue ?? null,
      sentAt: Attributes.SentTimestamp ? new Date(Number(Attributes.SentTimestamp)).toISOString() : null,
    }));
  }

  /** Makes them visible again. */
  async release(): Promise<void> {
    const { ChangeMessageVisibilityBatchCommand } = await import("@aws-sdk/client-sqs");
    for (let start = 0; start < this.messages.length; start += 10) {
      const Entries = this.messages
        .slice(start, start + 10)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.queueUrl, Entries });
      await call("sqs:ChangeMessageVisibility", this.queueUrl, () => this.sqs.send(command));
    }
  }

  /** Sends them to a queue again. One that cannot be deleted afterwards is there twice, which changes nothing. */
  async sendTo(queueUrl: string): Promise<void> {
    const { DeleteMessageCommand, SendMessageCommand } = await import("@aws-sdk/client-sqs");
    for (const { Body, ReceiptHandle } of this.messages) {
      const send = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: Body });
      await call("sqs:SendMessage", queueUrl, () => this.sqs.send(send), QUEUE_REMEDIES);
      const remove = new DeleteMessageCommand({ QueueUrl: this.queueUrl, ReceiptHandle });
      await call("sqs:DeleteMessage", this.queueUrl, () => this.sqs.send(remove));
    }
  }
}
