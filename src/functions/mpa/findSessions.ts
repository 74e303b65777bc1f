import { regionOf } from "../../aws/arn";
import type { AwsClients } from "../../aws/clients";
import { call } from "../../aws/errors";
import { loadMpa } from "../../aws/mpa";
import { pagesOf } from "../../aws/pages";
import type { ValuesOf } from "../../declaration/properties";
import { expand, flatten } from "../../declaration/wire";
import { type approverResponse, getSession, sessionFilter, sessionSummary } from "./properties";

/** A session as `mpa.listSessions` shows it. */
export interface SessionSummary extends ValuesOf<typeof sessionSummary> {}

/** A member's vote. */
export interface ApproverResponse extends ValuesOf<typeof approverResponse> {}

/** A session in which a team decides about one operation. */
export interface GetSessionResult extends ValuesOf<typeof getSession.outputs> {}

/** A condition of `mpa.listSessions`. */
export interface SessionFilter extends ValuesOf<typeof sessionFilter> {}

/** @throws OperationError */
export async function findSession(sessionArn: string, clients: AwsClients): Promise<GetSessionResult> {
  const { GetSessionCommand } = loadMpa();
  const mpa = await clients.mpa(regionOf(sessionArn));
  const command = new GetSessionCommand({ SessionArn: sessionArn });
  const found = await call("mpa:GetSession", `session ${sessionArn}`, () => mpa.send(command));
  return {
    approverResponses: [],
    numberOfApprovers: 0,
    ...flatten(getSession.outputs, found),
  } as GetSessionResult;
}

/** The sessions of a team, newest first. @throws OperationError */
export async function findSessions(
  approvalTeamArn: string,
  filters: readonly SessionFilter[] | undefined,
  clients: AwsClients,
): Promise<SessionSummary[]> {
  const { ListSessionsCommand } = loadMpa();
  const mpa = await clients.mpa(regionOf(approvalTeamArn));
  const input = {
    ApprovalTeamArn: approvalTeamArn,
    Filters: filters?.map((one) => expand(sessionFilter, one)),
  };
  const found = await pagesOf(async (NextToken) => {
    const command = new ListSessionsCommand({ ...input, NextToken });
    const answer = await call("mpa:ListSessions", `team ${approvalTeamArn}`, () => mpa.send(command));
    return { items: answer.Sessions, NextToken: answer.NextToken };
  });
  return found.map((one) => flatten(sessionSummary, one) as SessionSummary);
}
