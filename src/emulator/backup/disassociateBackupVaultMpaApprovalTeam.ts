import { operation } from "../operation";
import { structure } from "../shapes";
import { changeTeam } from "./teamChange";
import { comment, invalidRequest, vaultName } from "./vault";

/** The present team decides whether the vault is left without one. */
export const disassociateBackupVaultMpaApprovalTeam = operation(
  {
    name: "DisassociateBackupVaultMpaApprovalTeam",
    route: {
      method: "POST",
      path: "/backup-vaults/{BackupVaultName}/mpaApprovalTeam",
      flag: "delete",
      status: 204,
    },
    input: structure({ BackupVaultName: vaultName, RequesterComment: comment }, ["BackupVaultName"]),
  },
  (given, invocation) => {
    const vault = invocation.cloud.backup.find(given.BackupVaultName, invocation);
    if (vault.team === undefined) throw invalidRequest("The backup vault has no MPA approval team");
    changeTeam(vault, undefined, "DisassociateBackupVaultMpaApprovalTeam", given, invocation);
    return undefined;
  },
);
