import type { GetSessionResult } from "../functions/mpa/findSessions";
import { wrap } from "../wrap";
import { formatUtc, printable } from "./output";

/** The user ids of the members whose response it is. */
export const membersWith = (response: string, { approverResponses }: GetSessionResult): string[] =>
  approverResponses
    .filter((one) => one.response === response)
    .map(({ identityId = "somebody" }) => identityId);

/** What a session is about, who has answered how, and until when. */
export function describeSession(session: GetSessionResult): string {
  const { approvalTeamName, description, actionName, status, statusCode, expirationTime } = session;
  const people = (response: string) => membersWith(response, session).join(", ") || "nobody";
  const needed = session.approvalStrategy?.mOfN.minApprovalsRequired;
  const quorum = needed === undefined ? "" : `; ${needed} must approve`;
  const until =
    status === "PENDING" && expirationTime ? `, until ${formatUtc(new Date(expirationTime))}` : "";
  return [
    wrap(printable(`${approvalTeamName}: ${description ?? actionName ?? "a session"}`)),
    `  ${printable(status)}${statusCode ? ` (${printable(statusCode)})` : ""}${until}`,
    wrap(printable(`approved: ${people("APPROVED")}; rejected: ${people("REJECTED")}`), "  "),
    wrap(printable(`has not answered: ${people("NO_RESPONSE")}${quorum}`), "  "),
    `  ${printable(session.sessionArn)}`,
  ].join("\n");
}
