export type { DelegationRequestState, KnownState } from "./aws/delegationRequestState";
export {
  type HttpsOptions,
  parseHttpsMessage,
  type SubscriptionConfirmation,
  UnverifiedMessageError,
} from "./mailbox/httpsMessage";
export {
  type DelegationNotification,
  type ExchangeTokenNotification,
  type LambdaMessage,
  type NotifiedRequest,
  type ParsedMessage,
  type ParseOptions,
  parseLambdaEvent,
  parseNotification,
  type StateChangeNotification,
} from "./mailbox/notification";
export { isNewer, type KnownRequest, learn } from "./mailbox/order";
export { Secret } from "./mailbox/secret";
export type {
  DelegationPermissions,
  DelegationRequestArgs,
  PolicyParameter,
} from "./resources/iam/delegationRequest/resource";
export { DelegationRequest } from "./resources/iam/delegationRequest/resource";
