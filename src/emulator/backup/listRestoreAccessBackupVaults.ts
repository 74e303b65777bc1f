import { operation } from "../operation";
import { pageOf } from "../page";
import { structure } from "../shapes";
import { PAGE, PAGE_QUERY } from "./page";
import { flattenRestoreAccess, vaultName } from "./vault";

/** Those that give access to a vault of the caller, oldest first. */
export const listRestoreAccessBackupVaults = operation(
  {
    name: "ListRestoreAccessBackupVaults",
    route: {
      method: "GET",
      path: "/logically-air-gapped-backup-vaults/{BackupVaultName}/restore-access-backup-vaults/",
      query: PAGE_QUERY,
    },
    input: structure({ BackupVaultName: vaultName, ...PAGE }, ["BackupVaultName"]),
  },
  (given, invocation) => {
    const { backup } = invocation.cloud;
    const source = backup.find(given.BackupVaultName, invocation);
    const { items, nextToken } = pageOf(
      [...backup.vaults.values()].filter((vault) => vault.source === source),
      given,
    );
    return { NextToken: nextToken, RestoreAccessBackupVaults: items.map(flattenRestoreAccess) };
  },
);
