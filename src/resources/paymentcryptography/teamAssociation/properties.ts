import type { Properties, ResourceDeclaration } from "../../../declaration/properties";
import { TEAM, WAIT_FOR } from "../../binding/properties";
import { ADOPT, DELETION, GENERATION } from "../../properties";

const inputs = {
  /**
   * The operation of AWS Payment Cryptography that needs the team's approval, in the account and region of the configuration:
   * `IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE`.
   */
  action: { type: "string", enum: ["IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE"], onChange: "replace" },
  /**
   * The ARN of the team: of this account, or shared with it by AWS RAM. The first team is associated immediately. To
   * replace it, the members of the current team must vote.
   */
  mpaTeamArn: TEAM,
  /**
   * What the members of the current team read when they vote, up to 200 characters. Changing only this value asks
   * nobody.
   */
  requesterComment: { type: "string", maxLength: 200, optional: true, onChange: "update" },
  /**
   * Whether create may use an operation that already has another team, whose members then vote. Default: false, which
   * makes this an error.
   */
  adopt: ADOPT,
  /**
   * What to wait for: `APPROVED` is when the team is associated, for which the current team has 24 hours to vote. Set
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

const mpaStatus = {
  /** The session in which the current team votes on the change. */
  mpaSessionArn: { type: "string", optional: true },
  /** `PENDING`, `APPROVED`, `FAILED` or `CANCELLED`. */
  status: { type: "string", optional: true },
  /** When the vote began, ISO 8601. It lasts 24 hours. A member who has not voted by then has rejected the change. */
  initiationDate: { type: "string", optional: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true },
} as const satisfies Properties;

const outputs = {
  /** The team that is associated. While a change waits for votes, this is still the current team. */
  mpaTeamArn: { type: "string" },
  /** `ACTIVE`, or `UPDATE_PENDING` and `DELETE_PENDING` while the team votes on another team or on the removal. */
  associationState: { type: "string", voted: true },
  /** The team that is associated if the current team approves. */
  pendingMpaTeamArn: { type: "string", optional: true, voted: true },
  /** The team that the current team did not approve. */
  refusedMpaTeamArn: { type: "string", optional: true, voted: true },
  /** The latest vote on another team or on the removal of the team. */
  mpaStatus: { type: "object", properties: mpaStatus, optional: true, voted: true },
} as const satisfies Properties;

/** The declaration of a team's association with AWS Payment Cryptography. */
export const teamAssociation = {
  token: "aws-approvals:paymentcryptography:TeamAssociation",
  inputs,
  outputs,
  timeouts: { create: "10m", delete: "10m" },
  insteadOfImport:
    "Declare the team that is associated: the resource adopts it unchanged. Or refer to it with TeamAssociation.get(name, id).",
  actions: [
    "payment-cryptography:GetMpaTeamAssociation",
    "payment-cryptography:AssociateMpaTeam",
    "payment-cryptography:DisassociateMpaTeam",
    "mpa:GetSession",
  ],
} as const satisfies ResourceDeclaration;
