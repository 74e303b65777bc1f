import type { Properties, ResourceDeclaration } from "../../../provider/properties";
import { ADOPT, DELETION, GENERATION, TEAM_ARN, WAIT_FOR } from "../../binding/properties";
import { REQUESTER_COMMENT, VAULT_NAME } from "../properties";

const inputs = {
  /** The name of the logically air-gapped vault, in the account and region of the configuration. */
  backupVaultName: { ...VAULT_NAME, onChange: "replace" },
  /**
   * The ARN of the team: of this account, or shared with it by AWS RAM. The first team of a vault is associated at once;
   * about another one in its place, the present team votes.
   */
  mpaApprovalTeamArn: TEAM_ARN,
  /** What the members of the present team read when they vote. A change of it alone asks nobody. */
  requesterComment: REQUESTER_COMMENT,
  /** Whether create takes over a vault that has another team, which then votes. Default: false, which makes it an error. */
  adopt: ADOPT,
  /**
   * What to wait for: `APPROVED` is when the vault has the team, for which the present one has 24 hours to vote. Give
   * `timeouts.create` long enough. Default: no wait for people.
   */
  waitFor: WAIT_FOR,
  /**
   * What deleting does, about which the team votes. `request` asks it, and fails until the members have decided; run destroy
   * again then. `wait` also waits for their votes, for at most `timeouts.delete`.
   */
  deletion: DELETION,
  /**
   * Another value, a number or a string, asks the present team again about a team that it has not approved. Without it, `up`
   * fails and asks nobody. A change of it alone asks nobody.
   */
  generation: GENERATION,
} as const satisfies Properties;

const update = {
  /** The session in which the present team votes about the change. */
  mpaSessionArn: { type: "string", optional: true },
  /** `PENDING`, `APPROVED` or `FAILED`. */
  status: { type: "string", optional: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true },
  /** When the vote began, ISO 8601. */
  initiationDate: { type: "string", optional: true },
  /** When the vote ends, ISO 8601. Who has not voted by then has said no. */
  expiryDate: { type: "string", optional: true },
} as const satisfies Properties;

const outputs = {
  /** The ARN of the vault; also the resource's id. */
  backupVaultArn: { type: "string" },
  /** The team that the vault has. While a change waits for votes, it is the one before. */
  mpaApprovalTeamArn: { type: "string" },
  /** The team that the vault gets when the present one approves. */
  pendingMpaApprovalTeamArn: { type: "string", optional: true },
  /** The team that the present one has not approved. */
  refusedMpaApprovalTeamArn: { type: "string", optional: true },
  /** The latest change of the vault's team that went to a vote. */
  latestMpaApprovalTeamUpdate: { type: "object", properties: update, optional: true },
} as const satisfies Properties;

/** The declaration of a vault's approval team. */
export const vaultApprovalTeam = {
  token: "aws-approvals:backup:VaultApprovalTeam",
  inputs,
  outputs,
  timeouts: { create: "10m", delete: "10m" },
  insteadOfImport:
    "Declare the team that the vault has: it is taken over as it is. Or refer to it with VaultApprovalTeam.get(name, arn).",
  actions: [
    "backup:DescribeBackupVault",
    "backup:ListBackupVaults",
    "backup:AssociateBackupVaultMpaApprovalTeam",
    "backup:DisassociateBackupVaultMpaApprovalTeam",
  ],
} as const satisfies ResourceDeclaration;
