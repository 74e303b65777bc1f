import { operation } from "../operation";
import { string, structure } from "../shapes";
import { anyName, flattenVault, notFound } from "./vault";

export const describeBackupVault = operation(
  {
    name: "DescribeBackupVault",
    route: {
      method: "GET",
      path: "/backup-vaults/{BackupVaultName}",
      query: { backupVaultAccountId: "BackupVaultAccountId" },
    },
    input: structure({ BackupVaultName: anyName, BackupVaultAccountId: string({}) }, ["BackupVaultName"]),
  },
  ({ BackupVaultName, BackupVaultAccountId }, invocation) => {
    const { caller, cloud } = invocation;
    if (BackupVaultAccountId !== undefined && BackupVaultAccountId !== caller.account)
      throw notFound(`Backup vault ${BackupVaultName}`);
    return flattenVault(cloud.backup.find(BackupVaultName, invocation));
  },
);
