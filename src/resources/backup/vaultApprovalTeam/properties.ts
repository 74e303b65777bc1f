import type { Properties, ResourceDeclaration } from "../../../declaration/properties";
import { TEAM, WAIT_FOR } from "../../binding/properties";
import { ADOPT, DELETION, GENERATION } from "../../properties";
import { REQUESTER_COMMENT, VAULT_NAME } from "../properties";

const inputs = {
  /** The name of the logically air-gapped vault, in the account and region of the configuration. */
  backupVaultName: { ...VAULT_NAME, onChange: "replace" },
  /**
   * The ARN of the team: of this account, or shared with it by AWS RAM. The first team of a vault is associated
   * immediately. To replace it, the members of the current team must vote.
   */
  mpaApprovalTeamArn: TEAM,
  /** What the members of the current team read when they vote. Changing only this value asks nobody. */
  requesterComment: REQUESTER_COMMENT,
  /**
   * Whether create may use a vault that already has another team, whose members then vote. Default: false, which makes
   * this an error.
   */
  adopt: ADOPT,
  /**
   * What to wait for: `APPROVED` is when the vault has the team, for which the current team has 24 hours to vote. Set
   * `timeouts.create` accordingly. Default: no wait for people.
   */
  waitFor: WAIT_FOR,
  /**
   * How a deletion works, which needs the votes of the team's members. `request` asks them, and fails until they have
   * decided; then run destroy again. `wait` also waits for their votes, for at most `timeouts.delete`.
   */
  deletion: DELETION,
  /**
   * Change this value, a number or a string, to ask the current team again about a team that it did not approve.
   * Without it, `up` fails and asks nobody. Changing only this value asks nobody.
   */
  generation: GENERATION,
} as const satisfies Properties;

const update = {
  /** The session in which the current team votes on the change. */
  mpaSessionArn: { type: "string", optional: true },
  /** `PENDING`, `APPROVED` or `FAILED`. */
  status: { type: "string", optional: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true },
  /** When the vote began, ISO 8601. */
  initiationDate: { type: "string", optional: true },
  /** When the vote ends, ISO 8601. A member who has not voted by then has rejected the change. */
  expiryDate: { type: "string", optional: true },
} as const satisfies Properties;

const outputs = {
  /** The ARN of the vault; also the resource's id. */
  backupVaultArn: { type: "string" },
  /** The team that the vault has. While a change waits for votes, this is still the current team. */
  mpaApprovalTeamArn: { type: "string" },
  /** The team that the vault gets if the current team approves. */
  pendingMpaApprovalTeamArn: { type: "string", optional: true, voted: true },
  /** The team that the current team did not approve. */
  refusedMpaApprovalTeamArn: { type: "string", optional: true, voted: true },
  /** The latest change of the vault's team that went to a vote. */
  latestMpaApprovalTeamUpdate: { type: "object", properties: update, optional: true, voted: true },
} as const satisfies Properties;

/** The declaration of a vault's approval team. */
export const vaultApprovalTeam = {
  token: "aws-approvals:backup:VaultApprovalTeam",
  inputs,
  outputs,
  timeouts: { create: "10m", delete: "10m" },
  insteadOfImport:
    "Declare the team that the vault has: the resource adopts it unchanged. Or refer to it with VaultApprovalTeam.get(name, arn).",
  actions: [
    "backup:DescribeBackupVault",
    "backup:ListBackupVaults",
    "backup:AssociateBackupVaultMpaApprovalTeam",
    "backup:DisassociateBackupVaultMpaApprovalTeam",
    "mpa:GetSession",
  ],
} as const satisfies ResourceDeclaration;
