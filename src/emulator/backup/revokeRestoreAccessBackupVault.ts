import { operation } from "../operation";
import { structure } from "../shapes";
import { arn, comment, invalidRequest, notFound, sessionRequest, vaultName } from "./vault";

/** The owner takes a restore-access vault away from a recovery account, when the team approves. */
export const revokeRestoreAccessBackupVault = operation(
  {
    name: "RevokeRestoreAccessBackupVault",
    route: {
      method: "DELETE",
      path: "/logically-air-gapped-backup-vaults/{BackupVaultName}/restore-access-backup-vaults/{RestoreAccessBackupVaultArn}",
      query: { requesterComment: "RequesterComment" },
    },
    input: structure(
      { BackupVaultName: vaultName, RestoreAccessBackupVaultArn: arn, RequesterComment: comment },
      ["BackupVaultName", "RestoreAccessBackupVaultArn"],
    ),
  },
  (given, invocation) => {
    const { backup, mpa } = invocation.cloud;
    const source = backup.find(given.BackupVaultName, invocation);
    const vault = backup.vaults.get(given.RestoreAccessBackupVaultArn);
    if (vault?.source !== source) throw notFound("The restore access backup vault");
    const { team } = source;
    if (team?.status !== "ACTIVE" || vault.state !== "AVAILABLE" || vault.revocation?.status === "PENDING")
      throw invalidRequest("The restore access backup vault cannot be revoked now");
    vault.revocation = mpa.openSession(
      {
        ...sessionRequest({ team, arn: source.arn }, invocation, "RevokeRestoreAccessBackupVault", given),
        onEnd({ status }) {
          if (status === "APPROVED") backup.vaults.delete(vault.arn);
        },
      },
      invocation.now,
    );
    return undefined;
  },
);
