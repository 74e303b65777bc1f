import { randomUUID } from "node:crypto";
import { AwsError } from "../errors";
import { operation } from "../operation";
import { map, string, structure } from "../shapes";
import { arnOf } from "./store";
import { arn, type BackupVault, comment, invalidRequest, notFound, sessionRequest, vaultName } from "./vault";

/** The team of the source vault decides whether the caller, who may be of any account, gets access to it. */
export const createRestoreAccessBackupVault = operation(
  {
    name: "CreateRestoreAccessBackupVault",
    route: { method: "PUT", path: "/restore-access-backup-vaults" },
    input: structure(
      {
        SourceBackupVaultArn: arn,
        BackupVaultName: vaultName,
        BackupVaultTags: map(string({}), string({}), { sensitive: true }),
        CreatorRequestId: string({}),
        RequesterComment: comment,
      },
      ["SourceBackupVaultArn"],
    ),
  },
  (given, invocation) => {
    const { caller, region, now, cloud } = invocation;
    const { CreatorRequestId: creatorRequestId } = given;
    const repeated = cloud.backup
      .of(invocation)
      .find((one) => creatorRequestId !== undefined && one.creatorRequestId === creatorRequestId);
    if (repeated !== undefined) return answer(repeated);
    const name = given.BackupVaultName ?? `restore-access-${randomUUID().slice(0, 8)}`;
    if (cloud.backup.lookUp(name, invocation) !== undefined)
      throw new AwsError("AlreadyExistsException", 400, `Backup vault ${name} already exists.`);
    const source = cloud.backup.vaults.get(given.SourceBackupVaultArn);
    if (source?.region !== region || source.type !== "LOGICALLY_AIR_GAPPED_BACKUP_VAULT")
      throw notFound("The source backup vault");
    const { team } = source;
    if (team?.status !== "ACTIVE")
      throw invalidRequest("The source backup vault has no ACTIVE MPA approval team");
    const vault: BackupVault = {
      ...{ account: caller.account, region, name, arn: arnOf(name, invocation), creatorRequestId, source },
      type: "RESTORE_ACCESS_BACKUP_VAULT",
      creationDate: now,
      state: "CREATING",
    };
    vault.session = cloud.mpa.openSession(
      {
        ...sessionRequest({ team, arn: source.arn }, invocation, "CreateRestoreAccessBackupVault", given),
        onEnd({ status }, at) {
          vault.state = status === "APPROVED" ? "AVAILABLE" : "FAILED";
          if (status === "APPROVED") vault.approvalDate = at;
        },
      },
      now,
    );
    cloud.backup.vaults.set(vault.arn, vault);
    return answer(vault);
  },
);

const answer = (vault: BackupVault) => ({
  RestoreAccessBackupVaultArn: vault.arn,
  VaultState: vault.state,
  RestoreAccessBackupVaultName: vault.name,
  CreationDate: vault.creationDate,
});
