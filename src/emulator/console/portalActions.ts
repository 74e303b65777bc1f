import type { Cloud } from "../cloud";
import { answerInvitation, vote } from "../mpa/people";

/** A submitted form of an approval portal. */
interface PortalForm {
  readonly action: string;
  /** The team, or the session. */
  readonly subject: string;
  /** The user id of the approver. */
  readonly person: string;
  readonly token: string;
}

export function readPortalForm(body: Buffer): PortalForm {
  const fields = new URLSearchParams(body.toString("utf8"));
  const field = (name: string) => fields.get(name) ?? "";
  return {
    action: field("action"),
    subject: field("subject"),
    person: field("person"),
    token: field("token"),
  };
}

const INVITATIONS = { accept: "ACCEPTED", reject: "REJECTED" } as const;
const VOTES = { approve: "APPROVED", disapprove: "REJECTED" } as const;

/**
 * Does what the approver has chosen, in the portal of their own account.
 * @throws RangeError when there is nothing for them to decide
 */
export function answerAs(
  { action, subject, person }: Omit<PortalForm, "token">,
  account: string,
  { mpa, clock }: Cloud,
): void {
  const team = mpa.approvalTeams.get(subject) ?? mpa.sessions.get(subject)?.team;
  if (team?.account !== account) throw new RangeError("there is no such team or session any more");
  if (isIn(INVITATIONS, action)) answerInvitation(mpa, subject, person, INVITATIONS[action], clock.now());
  else if (isIn(VOTES, action)) vote(mpa, subject, person, VOTES[action], clock.now());
  else throw new RangeError("the form names an unknown action");
}

const isIn = <T extends object>(actions: T, name: string): name is keyof T & string =>
  Object.hasOwn(actions, name);
