import { AwsError } from "../errors";
import { operation } from "../operation";
import { integer, map, string, structure } from "../shapes";
import { arnOf } from "./store";
import { arn, type BackupVault, invalidParameter, vaultName } from "./vault";

export const createLogicallyAirGappedBackupVault = operation(
  {
    name: "CreateLogicallyAirGappedBackupVault",
    route: { method: "PUT", path: "/logically-air-gapped-backup-vaults/{BackupVaultName}" },
    input: structure(
      {
        BackupVaultName: vaultName,
        BackupVaultTags: map(string({}), string({}), { sensitive: true }),
        CreatorRequestId: string({}),
        MinRetentionDays: integer(),
        MaxRetentionDays: integer(),
        EncryptionKeyArn: arn,
      },
      ["BackupVaultName", "MinRetentionDays", "MaxRetentionDays"],
    ),
  },
  (given, { caller, region, now, cloud }) => {
    const { BackupVaultName: name, MinRetentionDays: minDays, MaxRetentionDays: maxDays } = given;
    if (minDays > maxDays) throw invalidParameter("MinRetentionDays must not exceed MaxRetentionDays");
    const existing = cloud.backup.lookUp(name, { caller, region });
    const isRepeated =
      given.CreatorRequestId !== undefined && existing?.creatorRequestId === given.CreatorRequestId;
    if (existing !== undefined && !isRepeated)
      throw new AwsError("AlreadyExistsException", 400, `Backup vault ${name} already exists.`);
    const vault: BackupVault = existing ?? {
      ...{ account: caller.account, region, name, arn: arnOf(name, { caller, region }) },
      type: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
      creationDate: now,
      creatorRequestId: given.CreatorRequestId,
      state: "AVAILABLE",
      retention: { minDays, maxDays },
    };
    cloud.backup.vaults.set(vault.arn, vault);
    const { creationDate: CreationDate, state: VaultState } = vault;
    return { BackupVaultName: name, BackupVaultArn: vault.arn, CreationDate, VaultState };
  },
);
