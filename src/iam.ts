export type { DelegationRequestState, ObservedState as KnownState } from "./aws/delegationRequestState";
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
} from "./mailbox/messages";
export { type ParseOptions, parseLambdaEvent, parseNotification } from "./mailbox/notification";
export { type DelegationRequestStatus as KnownRequest, isNewer, merge } from "./mailbox/order";
export { Secret } from "./mailbox/secret";
export type {
  DelegationPermissions,
  DelegationRequestArgs,
  PolicyParameter,
} from "./resources/iam/delegationRequest/resource";
export { DelegationRequest } from "./resources/iam/delegationRequest/resource";
