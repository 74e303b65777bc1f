export type { DelegationPermissions, DelegationRequestArgs, PolicyParameter } from "./delegationRequest";
export { DelegationRequest } from "./delegationRequest";
export type { DelegationRequestState } from "./state";
