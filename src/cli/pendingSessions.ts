import type { AwsClients } from "../aws/clients";
import { hasCode, ReadableError } from "../aws/errors";
import {
  findSession,
  findSessions,
  type GetSessionResult,
  type SessionFilter,
} from "../functions/mpa/findSessions";
import { TEAM_ARN } from "../resources/mpa/properties";
import { membersWith } from "./describeSession";
import type { ResourceStatus } from "./nextActions";

/** The sessions of a team that wait for votes. @throws ReadableError when AWS refuses */
export const findPendingSessions = (approvalTeamArn: string, aws: AwsClients) =>
  find(approvalTeamArn, [{ fieldName: "SessionStatus", operator: "EQ", value: "PENDING" }], aws);

/** Those that have ended, too. @throws ReadableError when AWS refuses */
export const findAllSessions = (approvalTeamArn: string, aws: AwsClients) =>
  find(approvalTeamArn, undefined, aws);

async function find(
  approvalTeamArn: string,
  filters: SessionFilter[] | undefined,
  aws: AwsClients,
): Promise<GetSessionResult[]> {
  const found = await findSessions(approvalTeamArn, filters, aws);
  return Promise.all(found.map(({ sessionArn }) => findSession(sessionArn, aws)));
}

/** What is known of a team's sessions: null when AWS was not asked, or has refused. */
export type TeamStatus = ResourceStatus & { sessions?: GetSessionResult[] | null };

const isTeam = ({ kind, id }: ResourceStatus): boolean =>
  kind === "approval team" && TEAM_ARN.pattern.test(id ?? "");

/**
 * The statuses with the teams' sessions as AWS returns them now, which a state may not know: a vault's, and how votes go.
 * @param warn is called where AWS refuses; what the state has is shown then
 */
export function withPendingSessions(
  statuses: readonly ResourceStatus[],
  aws: AwsClients,
  warn: (text: string) => void,
): Promise<TeamStatus[]> {
  return Promise.all(
    statuses.map(async (status) => {
      if (!isTeam(status)) return status;
      try {
        const sessions = await findPendingSessions(status.id ?? "", aws);
        return { ...status, ...nextActionOf(status, sessions), sessions };
      } catch (error) {
        if (!(error instanceof ReadableError)) throw error;
        const isGone = hasCode(error, "ResourceNotFound");
        const reason = isGone ? "the team is gone: run pulumi refresh." : error.message;
        warn(
          `${status.name} is shown as the stack's state has it, without what its members vote on now: ${reason}`,
        );
        return { ...status, sessions: null };
      }
    }),
  );
}

function nextActionOf(
  status: ResourceStatus,
  sessions: readonly GetSessionResult[],
): Partial<ResourceStatus> {
  const [first] = [...sessions].sort((a, b) => a.expirationTime.localeCompare(b.expirationTime));
  if (first) {
    const people = [...new Set(sessions.flatMap((session) => membersWith("NO_RESPONSE", session)))].sort();
    const who = people.length > 0 ? ` (not answered: ${people.join(", ")})` : "";
    const what = sessions.length === 1 ? "vote" : `vote in ${sessions.length} sessions`;
    return {
      actor: "the approver",
      action: `${what} in the approval portal${who}`,
      until: first.expirationTime,
    };
  }
  if (!/_PENDING_APPROVAL\)/.test(status.state)) return {};
  return { actor: "you", action: "the vote has ended: run pulumi refresh", until: null };
}
