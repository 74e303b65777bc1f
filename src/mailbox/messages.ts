import type { DelegationRequestState } from "../aws/delegationRequestState";
import type { Secret } from "./secret";

/** A message that IAM publishes to a delegation request's notification channel. */
export type DelegationNotification = StateChangeNotification | ExchangeTokenNotification;

/** A request has changed its state. */
export interface StateChangeNotification extends NotifiedRequest {
  type: "StateChange";
}

/** The customer has sent the token, which `sts.getDelegatedAccessToken` trades in. */
export interface ExchangeTokenNotification extends NotifiedRequest {
  type: "ExchangeToken";
  exchangeToken: Secret;
  /** When the delegated access ends and the token expires. */
  expiresAt: Date;
}

/** The request that a notification is about. */
export interface NotifiedRequest {
  /** AWS's id of the request: `delegationRequestId` of the resource. */
  requestId: string;
  requestorWorkflowId: string;
  state: DelegationRequestState;
  /** The customer's account. Absent while no account owns the request. */
  ownerAccountId?: string;
  /** When the request entered this state, by AWS's clock. */
  updatedAt: Date;
}

/**
 * A parsed message: a notification, or unrecognized, with the reason. Leave an unrecognized message in the queue, so that
 * SQS moves it to the dead-letter queue. The reason never repeats the content of the message.
 */
export type ParsedMessage =
  | { kind: "notification"; notification: DelegationNotification }
  | { kind: "unrecognized"; reason: string };

/** A message of a Lambda event. */
export type LambdaMessage = ParsedMessage & {
  /** In an SQS event, the id that `batchItemFailures` takes as `itemIdentifier`; in an SNS event, the id of the published message. */
  messageId: string;
};
