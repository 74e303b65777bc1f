import type { Properties, ResourceDeclaration } from "../../../provider/properties";
import { ADOPT, DELETION, GENERATION, TEAM_ARN, WAIT_FOR } from "../../binding/properties";

const inputs = {
  /**
   * The operation of AWS Payment Cryptography that needs the team's approval, in the account and region of the configuration:
   * `IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE`.
   */
  action: { type: "string", enum: ["IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE"], onChange: "replace" },
  /**
   * The ARN of the team: of this account, or shared with it by AWS RAM. The first team is associated at once; about another
   * one in its place, the present team votes.
   */
  mpaTeamArn: TEAM_ARN,
  /** What the members of the present team read when they vote, up to 200 characters. A change of it alone asks nobody. */
  requesterComment: { type: "string", maxLength: 200, optional: true, onChange: "update" },
  /** Whether create takes over an operation that has another team, which then votes. Default: false, which makes it an error. */
  adopt: ADOPT,
  /**
   * What to wait for: `APPROVED` is when the team is associated, for which the present one has 24 hours to vote. Give
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

const mpaStatus = {
  /** The session in which the present team votes about the change. */
  mpaSessionArn: { type: "string", optional: true },
  /** `PENDING`, `APPROVED`, `FAILED` or `CANCELLED`. */
  status: { type: "string", optional: true },
  /** When the vote began, ISO 8601. It lasts 24 hours, and who has not voted by then has said no. */
  initiationDate: { type: "string", optional: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true },
} as const satisfies Properties;

const outputs = {
  /** The team that is associated. While a change waits for votes, it is the one before. */
  mpaTeamArn: { type: "string" },
  /** `ACTIVE`, or `UPDATE_PENDING` and `DELETE_PENDING` while the team votes about another one and none. */
  associationState: { type: "string" },
  /** The team that is associated when the present one approves. */
  pendingMpaTeamArn: { type: "string", optional: true },
  /** The team that the present one has not approved. */
  refusedMpaTeamArn: { type: "string", optional: true },
  /** The latest vote about another team, or none. */
  mpaStatus: { type: "object", properties: mpaStatus, optional: true },
} as const satisfies Properties;

/** The declaration of a team's association with AWS Payment Cryptography. */
export const teamAssociation = {
  token: "aws-approvals:paymentcryptography:TeamAssociation",
  inputs,
  outputs,
  timeouts: { create: "10m", delete: "10m" },
  insteadOfImport:
    "Declare the team that is associated: it is taken over as it is. Or refer to it with TeamAssociation.get(name, id).",
  actions: [
    "payment-cryptography:GetMpaTeamAssociation",
    "payment-cryptography:AssociateMpaTeam",
    "payment-cryptography:DisassociateMpaTeam",
  ],
} as const satisfies ResourceDeclaration;
