import type { Properties, ResourceDeclaration } from "../../../provider/properties";
import { REQUESTER_COMMENT, VAULT_ARN, VAULT_NAME } from "../properties";

const inputs = {
  /**
   * The ARN of the logically air-gapped vault to get access to, of any account, in the region of the configuration. It must
   * have an approval team.
   */
  sourceBackupVaultArn: { ...VAULT_ARN, onChange: "replace" },
  /** The name of the new vault. Default: one that AWS makes. A vault with a given name is deleted before its replacement is made. */
  backupVaultName: {
    ...VAULT_NAME,
    optional: true,
    computed: true,
    onChange: "replace",
    keptWhenOmitted: true,
  },
  /** What the members of the team read when they vote. A change of it asks nobody again. */
  requesterComment: REQUESTER_COMMENT,
  /**
   * What AWS knows the request by, so that a repeated one is the first one. Default: derived from organization, project,
   * stack, resource and arguments, which survives a crash. Stacks that have all of them in common, and the account, need one
   * each: what says it is theirs is theirs.
   */
  creatorRequestId: {
    type: "string",
    minLength: 1,
    maxLength: 200,
    optional: true,
    computed: true,
    onChange: "replace",
    keptWhenOmitted: true,
  },
  /** Another value, a number or a string, asks the team again for another vault, for example when it has not approved. */
  generation: { type: "scalar", optional: true, onChange: "replace", local: true },
  /**
   * The state to wait for: `AVAILABLE` is when the team has approved, for which its members have 24 hours. Give
   * `timeouts.create` long enough. Default: no wait for people.
   */
  waitFor: { type: "string", enum: ["AVAILABLE"], optional: true, onChange: "update", local: true },
} as const satisfies Properties;

const outputs = {
  /** The ARN of the vault; also the resource's id. */
  arn: { type: "string", wireName: "BackupVaultArn" },
  /** The name of the vault. */
  backupVaultName: { type: "string" },
  /** What AWS knows the request by. */
  creatorRequestId: { type: "string" },
  /** `CREATING` while the team votes, `AVAILABLE` when it has approved, `FAILED` when not. */
  vaultState: { type: "string", tracked: true },
  /** The session in which the team votes. */
  mpaSessionArn: { type: "string", optional: true },
  /** When the access was asked for, ISO 8601. */
  creationDate: { type: "string", optional: true },
} as const satisfies Properties;

/** The declaration of a vault that gives access to another. */
export const restoreAccessVault = {
  token: "aws-approvals:backup:RestoreAccessVault",
  inputs,
  outputs,
  timeouts: { create: "10m", delete: "10m" },
  insteadOfImport: "Refer to the vault with RestoreAccessVault.get(name, arn).",
  actions: [
    "backup:CreateRestoreAccessBackupVault",
    "backup:DescribeBackupVault",
    "backup:ListBackupVaults",
    "backup:DeleteBackupVault",
  ],
} as const satisfies ResourceDeclaration;
