import { operation } from "../operation";
import { pageOf } from "../page";
import { boolean, string, structure } from "../shapes";
import { PAGE, PAGE_QUERY } from "./page";
import { flattenSummary } from "./vault";

/** Those of the caller, oldest first. None is shared by AWS RAM. */
export const listBackupVaults = operation(
  {
    name: "ListBackupVaults",
    route: {
      method: "GET",
      path: "/backup-vaults/",
      query: { vaultType: "ByVaultType", shared: "ByShared", ...PAGE_QUERY },
    },
    input: structure(
      {
        ByVaultType: string({
          enum: ["BACKUP_VAULT", "LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "RESTORE_ACCESS_BACKUP_VAULT"],
        }),
        ByShared: boolean,
        ...PAGE,
      },
      [],
    ),
  },
  (given, invocation) => {
    const vaults = given.ByShared
      ? []
      : invocation.cloud.backup
          .of(invocation)
          .filter(({ type }) => given.ByVaultType === undefined || type === given.ByVaultType);
    const { items, nextToken } = pageOf(vaults, given);
    return { NextToken: nextToken, BackupVaultList: items.map(flattenSummary) };
  },
);
