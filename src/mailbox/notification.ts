import type { LambdaMessage, ParsedMessage } from "./messages";
import { schemas } from "./schemas";

/** Options of {@link parseNotification} and {@link parseLambdaEvent}. */
export interface ParseOptions {
  /**
   * The ARN of the topic to accept messages of. Messages of other topics are unrecognized, and so are messages without an
   * SNS envelope (raw message delivery), which do not name their topic. Default: any topic, with or without envelope.
   */
  topicArn?: string;
}

/**
 * Reads the body of an SQS message, with or without an SNS envelope. States are accepted in every spelling of AWS's
 * documentation, such as `PENDING APPROVAL`. Notifications may arrive twice and out of order: see {@link isNewer}.
 *
 * The message is trusted. The queue's policy must allow only the topic to send, as that of `ApprovalInbox` does.
 *
 * Source: IAM User Guide, "Building your integration", Notification Message Format.
 *
 * @example
 * import { parseNotification } from "pulumi-aws-approvals/notifications";
 *
 * export function tokenIn(body: string): string | undefined {
 *   const parsed = parseNotification(body, { topicArn: "arn:aws:sns:us-east-1:000000000000:approvals" });
 *   if (parsed.kind === "unrecognized") throw new Error(parsed.reason);
 *   const { notification } = parsed;
 *   return notification.type === "ExchangeToken" ? notification.exchangeToken.reveal() : undefined;
 * }
 */
export function parseNotification(body: string, options: ParseOptions = {}): ParsedMessage {
  const content = parseJson(body);
  return content === undefined ? unrecognized("is not JSON") : parseContent(content, options);
}

/**
 * Reads the event of a Lambda function that SQS or SNS invokes. The messages are in the order of the event. An inline function
 * may use it, captured as `iam`, by itself, or imported from `pulumi-aws-approvals/notifications`.
 * @throws TypeError when it is neither an SQS nor an SNS event
 *
 * @example
 * import { parseLambdaEvent } from "pulumi-aws-approvals/notifications";
 *
 * export async function handler(event: unknown) {
 *   const messages = parseLambdaEvent(event, { topicArn: process.env.TOPIC_ARN });
 *   const unrecognized = messages.filter(({ kind }) => kind === "unrecognized");
 *   return { batchItemFailures: unrecognized.map(({ messageId }) => ({ itemIdentifier: messageId })) };
 * }
 */
export function parseLambdaEvent(event: unknown, options: ParseOptions = {}): LambdaMessage[] {
  const parsed = schemas().lambdaEvent.safeParse(event);
  if (!parsed.success)
    throw new TypeError("Not a Lambda event from SQS or SNS: its Records have another form");
  return parsed.data.Records.map((record) =>
    "body" in record
      ? { messageId: record.messageId, ...parseNotification(record.body, options) }
      : { messageId: record.Sns.MessageId, ...parseContent(record.Sns, options) },
  );
}

/** Undefined when the text is not JSON. The parser's own error is not passed on: it quotes the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reads a parsed body: an SNS envelope, or a notification without one. */
export function parseContent(content: unknown, { topicArn }: ParseOptions): ParsedMessage {
  const { envelope, notification, explain } = schemas();
  const { success: isEnveloped, data } = envelope.safeParse(content);
  if (topicArn !== undefined) {
    if (!isEnveloped) return unrecognized("has no SNS envelope with the ARN of its topic");
    if (data.TopicArn !== topicArn) return unrecognized(`is from a topic other than ${topicArn}`);
  }
  const message = isEnveloped ? parseJson(data.Message) : content;
  if (message === undefined) return unrecognized("is an SNS message whose Message is not JSON");
  const parsed = notification.safeParse(message);
  if (!parsed.success) return unrecognized(`is not a delegation notification: ${explain(parsed.error)}`);
  return { kind: "notification", notification: parsed.data };
}

const unrecognized = (reason: string): ParsedMessage => ({ kind: "unrecognized", reason });
