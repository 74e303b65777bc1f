import type { AwsClients } from "../../aws/clients";
import { call } from "../../aws/errors";
import { loadMpa } from "../../aws/mpa";
import type { Properties, ValuesOf } from "../../provider/properties";
import { expand, flatten } from "../../provider/wire";
import { regionOf } from "../../resources/mpa/ownership";
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

/** A session as `mpa.listSessions` shows it. */
export interface SessionSummary extends ValuesOf<typeof summary> {}

/** A member's vote. */
export interface ApproverResponse extends ValuesOf<typeof response> {}

/** A session in which a team decides about one operation. */
export interface GetSessionResult extends ValuesOf<typeof session> {}

/** A condition of `mpa.listSessions`. */
export interface SessionFilter extends ValuesOf<typeof filter> {}

/** @throws OperationError */
export async function findSession(sessionArn: string, clients: AwsClients): Promise<GetSessionResult> {
  const { GetSessionCommand } = loadMpa();
  const mpa = await clients.mpa(regionOf(sessionArn) || undefined);
  const command = new GetSessionCommand({ SessionArn: sessionArn });
  const found = await call("mpa:GetSession", `session ${sessionArn}`, () => mpa.send(command));
  return { approverResponses: [], numberOfApprovers: 0, ...flatten(session, found) } as GetSessionResult;
}

/** The sessions of a team, newest first. @throws OperationError */
export async function findSessions(
  approvalTeamArn: string,
  filters: readonly SessionFilter[] | undefined,
  clients: AwsClients,
): Promise<SessionSummary[]> {
  const { ListSessionsCommand } = loadMpa();
  const mpa = await clients.mpa(regionOf(approvalTeamArn) || undefined);
  const input = { ApprovalTeamArn: approvalTeamArn, Filters: filters?.map((one) => expand(filter, one)) };
  const found = await pagesOf(async (NextToken) => {
    const command = new ListSessionsCommand({ ...input, NextToken });
    const answer = await call("mpa:ListSessions", `team ${approvalTeamArn}`, () => mpa.send(command));
    return { items: answer.Sessions, NextToken: answer.NextToken };
  });
  return found.map((one) => flatten(summary, one) as SessionSummary);
}
