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
 * A message as it turned out: a notification, or something else, and why. Leave what is not recognized on its queue, so
 * that it ends in the dead-letter queue. The reason never repeats what the message says.
 */
export type ParsedMessage =
  | { kind: "notification"; notification: DelegationNotification }
  | { kind: "unrecognized"; reason: string };

/** A message of a Lambda event. */
export type LambdaMessage = ParsedMessage & {
  /** Of an SQS event the id that `batchItemFailures` takes as `itemIdentifier`, of an SNS event the publication's. */
  messageId: string;
};
