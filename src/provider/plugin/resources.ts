import { restoreAccessVaultLifecycle } from "../../resources/backup/restoreAccessVault/lifecycle";
import { vaultApprovalTeamLifecycle } from "../../resources/backup/vaultApprovalTeam/lifecycle";
import { delegationRequestLifecycle } from "../../resources/iam/delegationRequest/lifecycle";
import { approvalTeamLifecycle } from "../../resources/mpa/approvalTeam/lifecycle";
import { identitySourceLifecycle } from "../../resources/mpa/identitySource/lifecycle";
import type { Lifecycle } from "../lifecycle";
import type { Values } from "../values";
import { parseUrn } from "./urn";

export type AnyLifecycle = Lifecycle<Values, Values>;

const lifecycles: readonly AnyLifecycle[] = [
  delegationRequestLifecycle,
  identitySourceLifecycle,
  approvalTeamLifecycle,
  vaultApprovalTeamLifecycle,
  restoreAccessVaultLifecycle,
];

/** @throws Error when there is no such resource type */
export function lifecycleOf(urn: string): AnyLifecycle {
  const { type } = parseUrn(urn);
  const found = lifecycles.find(({ declaration }) => declaration.token === type);
  if (found) return found;
  const known = lifecycles.map(({ declaration }) => declaration.token).join(", ");
  throw new Error(`there is no resource type ${type}; there are ${known}`);
}
