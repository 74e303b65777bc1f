import type { Values } from "../declaration/values";
import type { Lifecycle } from "../provider/lifecycle";
import type { resources } from ".";
import { restoreAccessVaultLifecycle } from "./backup/restoreAccessVault/lifecycle";
import { vaultApprovalTeamLifecycle } from "./backup/vaultApprovalTeam/lifecycle";
import { delegationGrantLifecycle } from "./iam/delegationGrant/lifecycle";
import { delegationRequestLifecycle } from "./iam/delegationRequest/lifecycle";
import { approvalTeamLifecycle } from "./mpa/approvalTeam/lifecycle";
import { identitySourceLifecycle } from "./mpa/identitySource/lifecycle";
import { teamAssociationLifecycle } from "./paymentcryptography/teamAssociation/lifecycle";

export type AnyLifecycle = Lifecycle<Values, Values>;

/** The lifecycle of every resource type, for both fronts. */
export const lifecycles: Readonly<Record<keyof typeof resources, AnyLifecycle>> = {
  delegationRequest: delegationRequestLifecycle,
  delegationGrant: delegationGrantLifecycle,
  identitySource: identitySourceLifecycle,
  approvalTeam: approvalTeamLifecycle,
  vaultApprovalTeam: vaultApprovalTeamLifecycle,
  restoreAccessVault: restoreAccessVaultLifecycle,
  teamAssociation: teamAssociationLifecycle,
};
