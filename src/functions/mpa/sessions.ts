import type * as pulumi from "@pulumi/pulumi";
import type { ArgsOf } from "../../program/types";
import { type InvokeOptions, invoke } from "../invoke";
import type { GetSessionResult, SessionSummary } from "./findSessions";
import type * as declared from "./properties";

export type { ApproverResponse, GetSessionResult, SessionFilter, SessionSummary } from "./findSessions";

/** Arguments of {@link getSession}. */
export interface GetSessionArgs extends ArgsOf<typeof declared.getSession.inputs> {}

/** Arguments of {@link listSessions}. */
export interface ListSessionsArgs extends ArgsOf<typeof declared.listSessions.inputs> {}

/**
 * A session, and who voted what.
 *
 * Source: `mpa:GetSession`.
 * @throws when there is no such session
 *
 * @example
 * import * as pulumi from "@pulumi/pulumi";
 * import { mpa } from "pulumi-aws-approvals";
 *
 * const config = new pulumi.Config();
 * export const votes = mpa.getSession({ sessionArn: config.require("sessionArn") }).approverResponses;
 */
export function getSession(
  args: GetSessionArgs,
  options: InvokeOptions = {},
): pulumi.Output<GetSessionResult> {
  return invoke("getSession", args, options);
}

/**
 * The sessions of a team, newest first, those that have ended too.
 *
 * Source: `mpa:ListSessions`.
 * @throws when there is no such team
 *
 * @example
 * import * as pulumi from "@pulumi/pulumi";
 * import { mpa } from "pulumi-aws-approvals";
 *
 * const config = new pulumi.Config();
 * export const pending = mpa.listSessions({
 *   approvalTeamArn: config.require("teamArn"),
 *   filters: [{ fieldName: "SessionStatus", operator: "EQ", value: "PENDING" }],
 * });
 */
export function listSessions(
  args: ListSessionsArgs,
  options: InvokeOptions = {},
): pulumi.Output<SessionSummary[]> {
  return invoke("listSessions", args, options).apply(({ sessions }) => sessions);
}
