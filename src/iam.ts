import { markDeploymentOnly } from "./program/deploymentOnly";

export type { ObservedState as KnownState } from "./aws/delegationRequestState";
export * from "./notifications";
export type { DelegationGrantArgs } from "./resources/iam/delegationGrant/resource";
export { DelegationGrant } from "./resources/iam/delegationGrant/resource";
export type {
  DelegationPermissions,
  DelegationRequestArgs,
  PolicyParameter,
} from "./resources/iam/delegationRequest/resource";
export { DelegationRequest } from "./resources/iam/delegationRequest/resource";

markDeploymentOnly(exports);
