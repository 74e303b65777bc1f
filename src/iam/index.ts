export type { DelegationPermissions, DelegationRequestArgs, PolicyParameter } from "./delegationRequest";
export { DelegationRequest } from "./delegationRequest";
export { isNews, type KnownRequest, learn } from "./news";
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
} from "./notification";
export {
  type HttpsOptions,
  parseHttpsMessage,
  type SubscriptionConfirmation,
  UnverifiedMessageError,
} from "./notification.https";
export { Secret } from "./secret";
export type { DelegationRequestState, KnownState } from "./state";
