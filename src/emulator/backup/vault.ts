/** Vaults of AWS Backup: those that are logically air-gapped, and those that give a recovery account access to one. */
import type { Caller } from "../caller";
import { AwsError } from "../errors";
import type { ApprovalTeam } from "../mpa/approvalTeam";
import { requesterOf, type Session } from "../mpa/session";
import { string } from "../shapes";

/** A vault of AWS Backup, as `backup:DescribeBackupVault` shows it. */
export interface BackupVault {
  /** The account that has the vault, 12 digits. */
  readonly account: string;
  /** The region that the vault is in. */
  readonly region: string;
  /** The name, unique in account and region. */
  readonly name: string;
  /** The ARN. */
  readonly arn: string;
  /** `RESTORE_ACCESS_BACKUP_VAULT`: gives a recovery account access to `source`. */
  readonly type: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" | "RESTORE_ACCESS_BACKUP_VAULT";
  /** When it was made, on the emulator's clock. */
  readonly creationDate: Date;
  /** The idempotency token of the create, if one was given. */
  readonly creatorRequestId: string | undefined;
  /** `CREATING` while the owner's team decides about a restore-access vault; `FAILED` when it has not approved. */
  state: "CREATING" | "AVAILABLE" | "FAILED";
  /** How long recovery points are kept, in days: of logically air-gapped vaults. */
  readonly retention?: {
    /** The shortest retention of a recovery point, in days. */
    readonly minDays: number;
    /** The longest. */
    readonly maxDays: number;
  };
  /** The vault that a restore-access vault gives access to. */
  readonly source?: BackupVault;
  /** In which the owner's team decides about a restore-access vault. */
  session?: Session;
  /** When the owner's team approved a restore-access vault. */
  approvalDate?: Date;
  /** The latest attempt of the owner to revoke a restore-access vault. */
  revocation?: Session;
  /** The team that protects a logically air-gapped vault. */
  team?: ApprovalTeam;
  /** In which the team decided last about another team in its place, or about none. */
  teamUpdate?: Session;
}

export const vaultName = string({ pattern: "[a-zA-Z0-9\\-_]{2,50}" });
/** Where the model does not bound the name. */
export const anyName = string({});
export const arn = string({});
export const comment = string({ sensitive: true });

export const invalidParameter = (message: string) =>
  new AwsError("InvalidParameterValueException", 400, message);
export const invalidRequest = (message: string) => new AwsError("InvalidRequestException", 400, message);
export const notFound = (what: string) =>
  new AwsError("ResourceNotFoundException", 400, `${what} cannot be found.`);

/** The request of a session in which a vault's team decides about an operation of AWS Backup. */
export const sessionRequest = (
  { team, arn: vaultArn }: { team: ApprovalTeam; arn: string },
  { caller, region }: { readonly caller: Caller; readonly region: string },
  operation: string,
  given: { readonly RequesterComment?: string },
) => ({
  team,
  actionName: `backup:${operation}`,
  description: `${operation} of ${vaultArn}`,
  protectedResourceArn: vaultArn,
  servicePrincipal: "backup.amazonaws.com",
  ...requesterOf(caller, region),
  ...(given.RequesterComment !== undefined && { comment: given.RequesterComment }),
  cancellable: false,
});

/** The vault as DescribeBackupVault answers it. */
export const flattenVault = (vault: BackupVault) => ({
  ...flattenSummary(vault),
  SourceBackupVaultArn: vault.source?.arn,
  MpaApprovalTeamArn: vault.team?.arn,
  MpaSessionArn: vault.session?.arn,
  LatestMpaApprovalTeamUpdate: vault.teamUpdate && flattenSession(vault.teamUpdate),
});

/** The vault as ListBackupVaults answers it. */
export const flattenSummary = (vault: BackupVault) => ({
  BackupVaultName: vault.name,
  BackupVaultArn: vault.arn,
  VaultType: vault.type,
  VaultState: vault.state,
  CreationDate: vault.creationDate,
  CreatorRequestId: vault.creatorRequestId,
  NumberOfRecoveryPoints: 0,
  Locked: vault.retention !== undefined,
  MinRetentionDays: vault.retention?.minDays,
  MaxRetentionDays: vault.retention?.maxDays,
});

/** The restore-access vault as its owner sees it. */
export const flattenRestoreAccess = (vault: BackupVault) => ({
  RestoreAccessBackupVaultArn: vault.arn,
  CreationDate: vault.creationDate,
  ApprovalDate: vault.approvalDate,
  VaultState: vault.state,
  LatestRevokeRequest: vault.revocation && flattenSession(vault.revocation),
});

const flattenSession = (session: Session) => ({
  MpaSessionArn: session.arn,
  Status: session.status === "CANCELLED" ? "FAILED" : session.status,
  StatusMessage: session.statusCode,
  InitiationDate: session.initiationTime,
  ExpiryDate: session.expirationTime,
});
