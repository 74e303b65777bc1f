import type { LambdaMessage, ParsedMessage } from "./messages";

export interface ParseOptions {
  /**
   * The ARN of the only topic to hear: what came by another is not recognized, and so is what arrives without an SNS
   * envelope (raw message delivery), since it does not tell. Default: any topic, enveloped or raw.
   */
  topicArn?: string;
}

/**
 * Reads the body of an SQS message, with or without an SNS envelope. States are taken in any spelling that AWS's
 * documentation shows, such as `PENDING APPROVAL`. Notifications arrive twice and out of order: see
 * {@link isNewer}.
 *
 * Whoever may send to the queue is believed: its policy must let in the topic alone, as {@link ApprovalInbox} has it.
 *
 * Source: IAM User Guide, "Building your integration", Notification Message Format.
 *
 * @example
 * const parsed = iam.parseNotification(message.Body, { topicArn });
 * if (parsed.kind === "unrecognized") console.error(parsed.reason);
 * else if (parsed.notification.type === "ExchangeToken") redeem(parsed.notification.exchangeToken.reveal());
 */
export function parseNotification(body: string, options: ParseOptions = {}): ParsedMessage {
  const content = parseJson(body);
  return content === undefined ? unrecognized("is not JSON") : parseContent(content, options);
}

/**
 * Reads the event of a Lambda function that SQS or SNS invokes, in its order.
 * @throws TypeError when the event is neither's
 *
 * @example
 * export async function handler(event: unknown) {
 *   const messages = iam.parseLambdaEvent(event, { topicArn });
 *   const unrecognized = messages.filter(({ kind }) => kind === "unrecognized");
 *   return { batchItemFailures: unrecognized.map(({ messageId }) => ({ itemIdentifier: messageId })) };
 * }
 */
export function parseLambdaEvent(event: unknown, options: ParseOptions = {}): LambdaMessage[] {
  const parsed = schemas().lambdaEvent.safeParse(event);
  if (!parsed.success) throw new TypeError("Not a Lambda event of SQS or SNS: its Records are of neither");
  return parsed.data.Records.map((record) =>
    "body" in record
      ? { messageId: record.messageId, ...parseNotification(record.body, options) }
      : { messageId: record.Sns.MessageId, ...parseContent(record.Sns, options) },
  );
}

/** Loaded with the first message, since zod must not be loaded with the package. */
const schemas = () => require("./notificationSchema") as typeof import("./notificationSchema");

/** Undefined when the text is not JSON. What the parser says of it would repeat a piece of it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The content of a message: an SNS envelope, or what would be in it. */
export function parseContent(content: unknown, { topicArn }: ParseOptions): ParsedMessage {
  const { envelope, notification, explain } = schemas();
  const { success: enveloped, data } = envelope.safeParse(content);
  if (topicArn !== undefined) {
    if (!enveloped) return unrecognized("has no SNS envelope that tells its topic");
    if (data.TopicArn !== topicArn) return unrecognized(`came by another topic than ${topicArn}`);
  }
  const message = enveloped ? parseJson(data.Message) : content;
  if (message === undefined) return unrecognized("is an SNS message whose Message is not JSON");
  const parsed = notification.safeParse(message);
  if (!parsed.success) return unrecognized(`is no delegation notification: ${explain(parsed.error)}`);
  return { kind: "notification", notification: parsed.data };
}

const unrecognized = (reason: string): ParsedMessage => ({ kind: "unrecognized", reason });
