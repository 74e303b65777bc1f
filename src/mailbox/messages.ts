import type { DelegationRequestState } from "../aws/delegationRequestState";
import type { Secret } from "./secret";

/** A message that IAM publishes to a delegation request's notification channel. */
export type DelegationNotification = StateChangeNotification | ExchangeTokenNotification;

/** A request has changed its state. */
export interface StateChangeNotification extends NotifiedRequest {
  /** Tells the types of notifications apart. */
  type: "StateChange";
}

/** The customer has sent the token, which `sts.getDelegatedAccessToken` trades in. */
export interface ExchangeTokenNotification extends NotifiedRequest {
  /** Tells the types of notifications apart. */
  type: "ExchangeToken";
  /** The token. `reveal()` returns it. */
  exchangeToken: Secret;
  /** When the delegated access ends and the token expires. */
  expiresAt: Date;
}

/** The request that a notification is about. */
export interface NotifiedRequest {
  /** AWS's id of the request: `delegationRequestId` of the resource. */
  requestId: string;
  /** The id that the request was made with: `requestorWorkflowId` of the resource. */
  requestorWorkflowId: string;
  /** The state that the request is in, or was in when the token was sent. */
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
  | {
      /** Tells the two apart. */
      kind: "notification";
      /** What the message says. */
      notification: DelegationNotification;
    }
  | UnrecognizedMessage;

/** A message that is none of those that were expected. */
export interface UnrecognizedMessage {
  /** Tells it from what was recognized. */
  kind: "unrecognized";
  /** Why it is none, as in "is not JSON"; never repeats the content. */
  reason: string;
}

/** A message of a Lambda event. */
export type LambdaMessage = ParsedMessage & {
  /** In an SQS event, the id that `batchItemFailures` takes as `itemIdentifier`; in an SNS event, the id of the published message. */
  messageId: string;
};
