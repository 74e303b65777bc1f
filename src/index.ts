/**
 * Ask people for permission from a Pulumi program: AWS IAM temporary delegation (`iam`, `sts`) and Multi-party
 * approval (`mpa`) with what it protects (`backup`, `paymentcryptography`); and {@link CustomerAccess}, which connects a
 * request with an {@link ApprovalInbox}. These are the classes of the dynamic provider; `pulumi-aws-approvals/plugin` has
 * those of the plugin.
 * @module pulumi-aws-approvals
 */

import { markDeploymentOnly } from "./program/deploymentOnly";

export * as backup from "./backup";
export {
  ApprovalInbox,
  type ApprovalInboxArgs,
  CustomerAccess,
  type CustomerAccessArgs,
  type CustomerProviderArgs,
  type Deployed,
  type ExistingQueue,
  type ExistingTable,
  type InboxKeys,
} from "./components";
export * as iam from "./iam";
export * as mpa from "./mpa";
export * as paymentcryptography from "./paymentcryptography";
export { Provider, type ProviderArgs } from "./program/provider";
export * as sts from "./sts";

markDeploymentOnly(exports);
