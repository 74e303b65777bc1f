/** What approvers do in the approval portal. AWS has no API for it. */
import type { ApprovalTeam } from "./approvalTeam";
import { respondToInvitation } from "./approvalTeam";
import { castVote, type Session } from "./session";
import type { MpaStore } from "./store";

/** Who is invited to a team, or to its draft, and has not answered. */
export function invitedTo({ statusCode, approvers, draft }: ApprovalTeam): readonly string[] {
  const invited =
    statusCode === "PENDING_ACTIVATION"
      ? approvers
      : statusCode === "UPDATE_PENDING_ACTIVATION"
        ? (draft?.approvers ?? [])
        : [];
  return invited.filter(({ response }) => response === "PENDING").map(({ identityId }) => identityId);
}

/** Who has a vote to give. */
export const votersOf = ({ status, votes }: Session): readonly string[] =>
  status === "PENDING"
    ? votes.filter(({ response }) => response === "NO_RESPONSE").map(({ identityId }) => identityId)
    : [];

/** @throws RangeError when the person has no invitation to answer */
export function answerInvitation(
  { approvalTeams }: MpaStore,
  teamArn: string,
  identityId: string,
  response: "ACCEPTED" | "REJECTED",
  now: Date,
): void {
  const team = approvalTeams.get(teamArn);
  if (team === undefined) throw new RangeError(`there is no approval team ${teamArn}`);
  if (!respondToInvitation(team, identityId, response, now))
    throw new RangeError(`${identityId} has no invitation to ${teamArn} to answer`);
}

/** @throws RangeError when the person has no vote to give */
export function vote(
  { sessions }: MpaStore,
  sessionArn: string,
  identityId: string,
  response: "APPROVED" | "REJECTED",
  now: Date,
): void {
  const session = sessions.get(sessionArn);
  if (session === undefined) throw new RangeError(`there is no session ${sessionArn}`);
  if (!castVote(session, identityId, response, now))
    throw new RangeError(`${identityId} has no vote to give in ${sessionArn}, which is ${session.status}`);
}
