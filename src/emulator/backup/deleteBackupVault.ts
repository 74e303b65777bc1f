import { operation } from "../operation";
import { structure } from "../shapes";
import { anyName, invalidRequest } from "./vault";

/** A vault to which others have restore access stays. */
export const deleteBackupVault = operation(
  {
    name: "DeleteBackupVault",
    route: { method: "DELETE", path: "/backup-vaults/{BackupVaultName}" },
    input: structure({ BackupVaultName: anyName }, ["BackupVaultName"]),
  },
  ({ BackupVaultName }, invocation) => {
    const { backup } = invocation.cloud;
    const vault = backup.find(BackupVaultName, invocation);
    if ([...backup.vaults.values()].some(({ source }) => source === vault))
      throw invalidRequest(`Backup vault ${vault.name} has restore access backup vaults.`);
    backup.vaults.delete(vault.arn);
    return undefined;
  },
);
