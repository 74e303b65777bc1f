import type { DelegationRequestState } from "../aws/delegationRequestState";
import type { Secret } from "./secret";

/** What IAM tells a delegation request's notification channel. */
export type DelegationNotification = StateChangeNotification | ExchangeTokenNotification;

/** A request has changed its state. */
export interface StateChangeNotification extends NotifiedRequest {
  type: "StateChange";
}

/** The customer has sent the token: what `sts.getDelegatedAccessToken` trades in. */
export interface ExchangeTokenNotification extends NotifiedRequest {
  type: "ExchangeToken";
  exchangeToken: Secret;
  /** When the delegated access ends, and the token with it. */
  expiresAt: Date;
}

/** The request that a notification is about. */
export interface NotifiedRequest {
  /** AWS's id of the request: `delegationRequestId` of the resource. */
  requestId: string;
  requestorWorkflowId: string;
  state: DelegationRequestState;
  /** The customer's account. Absent as long as no account owns the request. */
  ownerAccountId?: string;
  /** When the request came into this state, by AWS's clock. */
  updatedAt: Date;
}

/**
 * A message as it turned out: a notification, or something else, and why. Leave what is foreign on its queue, so
 * that it ends in the dead-letter queue. The reason never repeats what the message says.
 */
export type ParsedMessage =
  | { kind: "notification"; notification: DelegationNotification }
  | { kind: "foreign"; reason: string };

/** A message of a Lambda event. */
export type LambdaMessage = ParsedMessage & {
  /** Of an SQS event the id that `batchItemFailures` takes as `itemIdentifier`, of an SNS event the publication's. */
  messageId: string;
};

export interface ParseOptions {
  /**
   * The ARN of the only topic to hear: what came by another is foreign, and so is what arrives without an SNS
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
 * if (parsed.kind === "foreign") console.error(parsed.reason);
 * else if (parsed.notification.type === "ExchangeToken") redeem(parsed.notification.exchangeToken.reveal());
 */
export function parseNotification(body: string, options: ParseOptions = {}): ParsedMessage {
  const content = parseJson(body);
  return content === undefined ? foreign("is not JSON") : parseContent(content, options);
}

/**
 * Reads the event of a Lambda function that SQS or SNS invokes, in its order.
 * @throws TypeError when the event is neither's
 *
 * @example
 * export async function handler(event: unknown) {
 *   const messages = iam.parseLambdaEvent(event, { topicArn });
 *   const foreign = messages.filter(({ kind }) => kind === "foreign");
 *   return { batchItemFailures: foreign.map(({ messageId }) => ({ itemIdentifier: messageId })) };
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
    if (!enveloped) return foreign("has no SNS envelope that tells its topic");
    if (data.TopicArn !== topicArn) return foreign(`came by another topic than ${topicArn}`);
  }
  const message = enveloped ? parseJson(data.Message) : content;
  if (message === undefined) return foreign("is an SNS message whose Message is not JSON");
  const parsed = notification.safeParse(message);
  if (!parsed.success) return foreign(`is no delegation notification: ${explain(parsed.error)}`);
  return { kind: "notification", notification: parsed.data };
}

const foreign = (reason: string): ParsedMessage => ({ kind: "foreign", reason });
