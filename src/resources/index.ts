import type { ResourceDeclaration } from "../declaration/properties";
import { restoreAccessVault } from "./backup/restoreAccessVault/properties";
import { vaultApprovalTeam } from "./backup/vaultApprovalTeam/properties";
import { delegationGrant } from "./iam/delegationGrant/properties";
import { delegationRequest } from "./iam/delegationRequest/properties";
import { approvalTeam } from "./mpa/approvalTeam/properties";
import { identitySource } from "./mpa/identitySource/properties";
import { teamAssociation } from "./paymentcryptography/teamAssociation/properties";

/** All resource types, by their names in the provider's entry. */
export const resources = {
  delegationRequest,
  delegationGrant,
  identitySource,
  approvalTeam,
  vaultApprovalTeam,
  restoreAccessVault,
  teamAssociation,
} as const satisfies Record<string, ResourceDeclaration>;
