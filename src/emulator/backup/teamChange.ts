import type { ApprovalTeam } from "../mpa/approvalTeam";
import type { Invocation } from "../operation";
import { type BackupVault, invalidRequest, sessionRequest } from "./vault";

/** Puts another team, or none, in the place of a vault's team: when that approves, if it can vote. */
export function changeTeam(
  vault: BackupVault,
  next: ApprovalTeam | undefined,
  operation: string,
  given: { readonly RequesterComment?: string },
  invocation: Invocation,
): void {
  const { team: present, arn } = vault;
  if (vault.teamUpdate?.status === "PENDING")
    throw invalidRequest(`A change of the MPA approval team is pending: ${vault.teamUpdate.arn}`);
  const change = () => {
    if (next === undefined) delete vault.team;
    else vault.team = next;
  };
  if (present?.status !== "ACTIVE") {
    change();
    return;
  }
  vault.teamUpdate = invocation.cloud.mpa.openSession(
    {
      ...sessionRequest({ team: present, arn }, invocation, operation, given),
      onEnd: ({ status }) => {
        if (status === "APPROVED") change();
      },
    },
    invocation.now,
  );
}
