import type * as pulumi from "@pulumi/pulumi";
import { type InvokeOptions, invoke } from "../invoke";
import {
  findSession,
  findSessions,
  type GetSessionResult,
  type SessionFilter,
  type SessionSummary,
} from "./findSessions";

export type { ApproverResponse, GetSessionResult, SessionFilter, SessionSummary } from "./findSessions";

/** Arguments of {@link getSession}. */
export interface GetSessionArgs {
  /** The ARN of the session. */
  sessionArn: pulumi.Input<string>;
}

/** Arguments of {@link listSessions}. */
export interface ListSessionsArgs {
  /** The ARN of the team. */
  approvalTeamArn: pulumi.Input<string>;
  /** Conditions that all must hold, at most 10. Default: none. */
  filters?: pulumi.Input<pulumi.Input<SessionFilter>[]>;
}

/**
 * A session, and who voted what.
 *
 * Source: `mpa:GetSession`.
 * @throws when there is no such session
 *
 * @example
 * export const votes = mpa.getSession({ sessionArn: team.updateSessionArn.apply((arn) => arn ?? "") }).approverResponses;
 */
export function getSession(
  args: GetSessionArgs,
  options: InvokeOptions = {},
): pulumi.Output<GetSessionResult> {
  return invoke("mpa.getSession", args, options, (known, clients) => findSession(known.sessionArn, clients));
}

/**
 * The sessions of a team, newest first, those that have ended too.
 *
 * Source: `mpa:ListSessions`.
 * @throws when there is no such team
 *
 * @example
 * export const pending = mpa.listSessions({
 *   approvalTeamArn: team.arn,
 *   filters: [{ fieldName: "SessionStatus", operator: "EQ", value: "PENDING" }],
 * });
 */
export function listSessions(
  args: ListSessionsArgs,
  options: InvokeOptions = {},
): pulumi.Output<SessionSummary[]> {
  return invoke("mpa.listSessions", args, options, (known, clients) =>
    findSessions(known.approvalTeamArn, known.filters, clients),
  );
}
