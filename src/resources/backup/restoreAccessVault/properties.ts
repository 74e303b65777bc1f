import type { Properties, ResourceDeclaration } from "../../../declaration/properties";
import { REQUESTER_COMMENT, VAULT_ARN, VAULT_NAME } from "../properties";

const inputs = {
  /**
   * The ARN of the logically air-gapped vault to get access to, of any account, in the region of the configuration. It must
   * have an approval team.
   */
  sourceBackupVaultArn: { ...VAULT_ARN, onChange: "replace" },
  /**
   * The name of the new vault. Default: a name that AWS generates. A vault with a specified name is deleted before its
   * replacement is created.
   */
  backupVaultName: {
    ...VAULT_NAME,
    optional: true,
    computed: true,
    onChange: "replace",
    keptWhenOmitted: true,
  },
  /** What the members of the team read when they vote. Changing it asks nobody again. */
  requesterComment: REQUESTER_COMMENT,
  /**
   * Identifies the request to AWS, so that a repeated request has the same result. Default: derived from organization,
   * project, stack, resource and arguments, which also works after a crash. Stacks that have all of these and the
   * account in common must specify different ids, because the id says whose the vault is. A vault with a specified id
   * is deleted before its replacement is created, unless that has another one.
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
  /**
   * Change this value, a number or a string, to ask the team again for another vault, for example if it did not
   * approve.
   */
  generation: { type: "scalar", optional: true, onChange: "replace", local: true },
  /**
   * The state to wait for: `AVAILABLE` means that the team has approved, for which its members have 24 hours. Set
   * `timeouts.create` accordingly. Default: no wait for people.
   */
  waitFor: { type: "string", enum: ["AVAILABLE"], optional: true, onChange: "update", local: true },
} as const satisfies Properties;

const outputs = {
  /** The ARN of the vault; also the resource's id. */
  arn: { type: "string", wireName: "BackupVaultArn" },
  /** The name of the vault. */
  backupVaultName: { type: "string" },
  /** The id that identifies the request to AWS. */
  creatorRequestId: { type: "string" },
  /** `CREATING` while the team votes, `AVAILABLE` if it approved, `FAILED` if it did not. */
  vaultState: { type: "string", tracked: true },
  /** The session in which the team votes. */
  mpaSessionArn: { type: "string", optional: true },
  /** When the access was requested, ISO 8601. */
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
