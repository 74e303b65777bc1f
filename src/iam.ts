import { markDeploymentOnly } from "./program/deploymentOnly";

export type { ObservedState as KnownState } from "./aws/delegationRequestState";
export * from "./notifications";
export type {
  DelegationPermissions,
  DelegationRequestArgs,
  PolicyParameter,
} from "./resources/iam/delegationRequest/resource";
export { DelegationRequest } from "./resources/iam/delegationRequest/resource";

markDeploymentOnly(exports);
