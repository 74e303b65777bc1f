/**
 * The messages of a delegation request, for code that runs without Pulumi, such as a Lambda function: `iam` has the same.
 * @module pulumi-aws-approvals/notifications
 */

export type { DelegationRequestState } from "./aws/delegationRequestState";
export type { MailboxAddress } from "./mailbox/address";
export { type MailboxHandlerOptions, mailboxHandler, type SqsBatchResponse } from "./mailbox/handler";
export {
  type HttpsOptions,
  parseHttpsMessage,
  type SubscriptionConfirmation,
  UnverifiedMessageError,
} from "./mailbox/httpsMessage";
export type {
  DelegationNotification,
  ExchangeTokenNotification,
  LambdaMessage,
  NotifiedRequest,
  ParsedMessage,
  StateChangeNotification,
  UnrecognizedMessage,
} from "./mailbox/messages";
export { type ParseOptions, parseLambdaEvent, parseNotification } from "./mailbox/notification";
export { type DelegationRequestStatus as KnownRequest, isNewer, merge } from "./mailbox/order";
export {
  type MailboxResources,
  type MailboxRole,
  mailboxPolicy,
  type PolicyDocument,
  type PolicyStatement,
} from "./mailbox/policy";
export { Secret } from "./mailbox/secret";
