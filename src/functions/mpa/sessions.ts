import type * as pulumi from "@pulumi/pulumi";
import type { AwsClients } from "../../aws/clients";
import { call } from "../../aws/errors";
import type { Properties, ValuesOf } from "../../provider/properties";
import { expand, flatten } from "../../provider/wire";
import { type InvokeOptions, invoke } from "../invoke";
import { pagesOf } from "./pages";

const summary = {
  /** The ARN of the session. */
  sessionArn: { type: "string" },
  /** The ARN of the team that decides. */
  approvalTeamArn: { type: "string" },
  /** The name of the team that decides. */
  approvalTeamName: { type: "string" },
  /** The operation that waits for the decision, such as `backup:CreateRestoreAccessBackupVault`. */
  actionName: { type: "string" },
  /** The ARN of what the operation is about. */
  protectedResourceArn: { type: "string" },
  /** What AWS tells the members of the operation. */
  description: { type: "string", optional: true },
  /** `CREATING`, `PENDING` while members vote, then `APPROVED`, `FAILED` or `CANCELLED`. */
  status: { type: "string" },
  /** Why it failed: `REJECTED`, `EXPIRED`, `CONFIGURATION_CHANGED`, `ALL_APPROVERS_IN_SESSION`. */
  statusCode: { type: "string", optional: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true },
  /** The service that asked for the decision. */
  requesterServicePrincipal: { type: "string", optional: true },
  /** Who wants the operation. */
  requesterPrincipalArn: { type: "string", optional: true },
  /** The account of who wants the operation. */
  requesterAccountId: { type: "string", optional: true },
  /** The region of the operation. */
  requesterRegion: { type: "string", optional: true },
  /** What follows on an approval: `AUTO_COMPLETION_UPON_APPROVAL`. */
  actionCompletionStrategy: { type: "string", optional: true },
  /** What members must show beside their vote: `APPROVER_VERIFICATION_REQUIRED`. */
  additionalSecurityRequirements: { type: "array", items: { type: "string" }, optional: true },
  /** When the session began, ISO 8601. */
  initiationTime: { type: "string" },
  /** Until when members can vote, ISO 8601. Who has not voted by then has said no. */
  expirationTime: { type: "string" },
  /** When the session ended, ISO 8601. */
  completionTime: { type: "string", optional: true },
} as const satisfies Properties;

const response = {
  /** The member's id in the team. */
  approverId: { type: "string", optional: true },
  /** The id of the user in the identity store. */
  identityId: { type: "string", optional: true },
  /** The ARN of the identity source that the user comes from. */
  identitySourceArn: { type: "string", optional: true },
  /** `APPROVED`, `REJECTED` or `NO_RESPONSE`. */
  response: { type: "string", optional: true },
  /** When the member voted, ISO 8601. */
  responseTime: { type: "string", optional: true },
} as const satisfies Properties;

const COUNT = { type: "integer", minimum: 0, maximum: 20, unit: "approvers" } as const;

const session = {
  ...summary,
  /** How many approvals it takes: `mOfN.minApprovalsRequired`. */
  approvalStrategy: {
    type: "object",
    properties: {
      /** That a number of members decides. */
      mOfN: {
        type: "object",
        properties: {
          /** How many must approve. */
          minApprovalsRequired: COUNT,
        },
        wireName: "MofN",
      },
    },
    optional: true,
  },
  /** How many members may vote. */
  numberOfApprovers: COUNT,
  /** The members, and their votes. */
  approverResponses: { type: "array", items: { type: "object", properties: response } },
  /** Whether an approved operation has been carried out: `PENDING`, `EXECUTED` or `FAILED`. */
  executionStatus: { type: "string", optional: true },
  /** What who wants the operation says of it. */
  requesterComment: { type: "string", optional: true },
  /** What the service tells of the operation. */
  metadata: { type: "map", keys: { type: "string" }, values: { type: "string" }, optional: true },
} as const satisfies Properties;

const filter = {
  /** What to compare. */
  fieldName: {
    type: "string",
    enum: ["ActionName", "ApprovalTeamName", "VotingTime", "Vote", "SessionStatus", "InitiationTime"],
  },
  /** How to compare it. */
  operator: {
    type: "string",
    enum: ["EQ", "NE", "GT", "LT", "GTE", "LTE", "CONTAINS", "NOT_CONTAINS", "BETWEEN"],
  },
  /** What to compare it with, at most 1,000 characters. */
  value: { type: "string", maxLength: 1000 },
} as const satisfies Properties;

/** A session as {@link listSessions} shows it. */
export interface SessionSummary extends ValuesOf<typeof summary> {}

/** A member's vote. */
export interface ApproverResponse extends ValuesOf<typeof response> {}

/** A session in which a team decides about one operation. */
export interface GetSessionResult extends ValuesOf<typeof session> {}

/** A condition of {@link listSessions}. */
export interface SessionFilter extends ValuesOf<typeof filter> {}

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
  return invoke("mpa.getSession", args, options, async ({ sessionArn }, clients) => {
    const { mpa, module } = await mpaOf(sessionArn, clients);
    const command = new module.GetSessionCommand({ SessionArn: sessionArn });
    const found = await call("mpa:GetSession", `session ${sessionArn}`, () => mpa.send(command));
    return { approverResponses: [], numberOfApprovers: 0, ...flatten(session, found) } as GetSessionResult;
  });
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
  return invoke("mpa.listSessions", args, options, async ({ approvalTeamArn, filters }, clients) => {
    const { mpa, module } = await mpaOf(approvalTeamArn, clients);
    const input = { ApprovalTeamArn: approvalTeamArn, Filters: filters?.map((one) => expand(filter, one)) };
    const found = await pagesOf(async (NextToken) => {
      const command = new module.ListSessionsCommand({ ...input, NextToken });
      const answer = await call("mpa:ListSessions", `team ${approvalTeamArn}`, () => mpa.send(command));
      return { items: answer.Sessions, NextToken: answer.NextToken };
    });
    return found.map((one) => flatten(summary, one) as SessionSummary);
  });
}

/** The client for the region of an ARN. */
async function mpaOf(arn: string, clients: AwsClients) {
  const { loadMpa } = await import("../../aws/mpa");
  return { module: loadMpa(), mpa: await clients.mpa(arn.split(":")[3] || undefined) };
}
