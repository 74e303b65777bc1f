import { operation } from "../operation";
import { structure } from "../shapes";
import { changeTeam } from "./teamChange";
import { arn, comment, invalidParameter, vaultName } from "./vault";

/** The first team of a vault is associated at once; about another one in its place, the present team decides. */
export const associateBackupVaultMpaApprovalTeam = operation(
  {
    name: "AssociateBackupVaultMpaApprovalTeam",
    route: { method: "PUT", path: "/backup-vaults/{BackupVaultName}/mpaApprovalTeam", status: 204 },
    input: structure({ BackupVaultName: vaultName, MpaApprovalTeamArn: arn, RequesterComment: comment }, [
      "BackupVaultName",
      "MpaApprovalTeamArn",
    ]),
  },
  (given, invocation) => {
    const { backup, mpa } = invocation.cloud;
    const vault = backup.find(given.BackupVaultName, invocation);
    const team = mpa.approvalTeams.get(given.MpaApprovalTeamArn);
    if (team?.status !== "ACTIVE") throw invalidParameter("The MPA approval team is not an ACTIVE one");
    if (team !== vault.team)
      changeTeam(vault, team, "AssociateBackupVaultMpaApprovalTeam", given, invocation);
    return undefined;
  },
);
