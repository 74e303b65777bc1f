/** Sessions: a team's members vote on one request within a day, and silence is no. */
import type { Caller } from "../caller";
import { string } from "../shapes";
import { type ApprovalTeam, later, WINDOW_MS } from "./approvalTeam";

/** Whether a session is open, and how it ended. Source: `mpa:GetSession`. */
export type SessionStatus = "PENDING" | "CANCELLED" | "APPROVED" | "FAILED";
/** Why a session ended without approval. Source: `mpa:GetSession`. */
export type SessionStatusCode = "REJECTED" | "EXPIRED" | "CONFIGURATION_CHANGED" | "ALL_APPROVERS_IN_SESSION";

/** A member's vote. */
export interface Vote {
  /** The member's id in the team. */
  readonly approverId: string;
  /** The user id in the identity store. */
  readonly identityId: string;
  /** The ARN of the identity source that the user comes from. */
  readonly identitySourceArn: string;
  /** The vote. */
  response: "APPROVED" | "REJECTED" | "NO_RESPONSE";
  /** When the vote was given. */
  responseTime?: Date;
}

/** What a session decides about. */
export interface SessionRequest {
  /** The team that decides. */
  readonly team: ApprovalTeam;
  /** The operation that the team approves, such as `mpa:UpdateApprovalTeam`. */
  readonly actionName: string;
  /** What is decided, in words. */
  readonly description: string;
  /** The ARN of what the operation changes. */
  readonly protectedResourceArn: string;
  /** The service that asked, such as `backup.amazonaws.com`. */
  readonly servicePrincipal: string;
  /** The ARN of who asked. */
  readonly requesterArn: string;
  /** The account of who asked, 12 digits. */
  readonly requesterAccount: string;
  /** The region that was asked in. */
  readonly requesterRegion: string;
  /** What the requester wrote. */
  readonly comment?: string;
  /** Whether the requester may withdraw it. */
  readonly cancellable: boolean;
  /** Approvals that it takes; default: the team's threshold. */
  readonly minApprovals?: number;
  /** Those who vote; default: the team's approvers. */
  readonly approvers?: ApprovalTeam["approvers"];
  /** Called once, when the session has ended in any way. */
  onEnd(session: Session, at: Date): void;
}

/** Who asks, as a session has it. */
export const requesterOf = (caller: Caller, region: string) => ({
  requesterArn: caller.arn,
  requesterAccount: caller.account,
  requesterRegion: region,
});

/** What a session about the team itself has in any case. */
export const aboutTeam = (team: ApprovalTeam, caller: Caller, region: string) => ({
  team,
  protectedResourceArn: team.arn,
  servicePrincipal: "mpa.amazonaws.com",
  ...requesterOf(caller, region),
});

/** A session in which a team decides about one operation, as `mpa:GetSession` shows it. */
export interface Session extends Omit<SessionRequest, "approvers" | "minApprovals"> {
  /** The ARN. */
  readonly arn: string;
  /** How many votes must be `APPROVED`. */
  readonly minApprovals: number;
  /** The votes, one for each member. */
  readonly votes: readonly Vote[];
  /** When it began, on the emulator's clock. */
  readonly initiationTime: Date;
  /** When it ends without approval: 24 hours later. */
  readonly expirationTime: Date;
  /** When it ended. */
  completionTime?: Date;
  /** Whether it is open, and how it ended. */
  status: SessionStatus;
  /** Why it ended without approval. */
  statusCode?: SessionStatusCode;
  /** The reason in words. */
  statusMessage?: string;
}

export const sessionArn = string({
  min: 20,
  max: 2048,
  pattern: "arn:aws(-[^:]+)?:mpa:[a-z0-9-]{1,20}:[0-9]{12}:session/[a-zA-Z0-9._-]+/[a-zA-Z0-9_-]+",
});

export function newSession(request: SessionRequest, id: string, now: Date): Session {
  const { team, approvers = team.approvers, minApprovals = team.minApprovals } = request;
  return {
    ...request,
    arn: `${team.arn.replace(":approval-team/", ":session/")}/${id}`,
    minApprovals,
    votes: approvers.map((approver) => ({
      approverId: approver.id,
      identityId: approver.identityId,
      identitySourceArn: approver.identitySourceArn,
      response: "NO_RESPONSE",
    })),
    initiationTime: now,
    expirationTime: later(now, WINDOW_MS),
    status: "PENDING",
  };
}

/** An approver votes. The session ends as soon as its outcome is certain. @returns false when there is no vote to give */
export function castVote(
  session: Session,
  identityId: string,
  response: "APPROVED" | "REJECTED",
  now: Date,
): boolean {
  const vote = session.votes.find((one) => one.identityId === identityId && one.response === "NO_RESPONSE");
  if (session.status !== "PENDING" || vote === undefined) return false;
  Object.assign(vote, { response, responseTime: now });
  const approver = session.team.approvers.find(({ id }) => id === vote.approverId);
  if (approver !== undefined) Object.assign(approver, { lastActivity: "VOTED", lastActivityTime: now });
  const count = (wanted: Vote["response"]) => session.votes.filter((one) => one.response === wanted).length;
  if (count("APPROVED") >= session.minApprovals) endSession(session, "APPROVED", now);
  else if (count("REJECTED") > session.votes.length - session.minApprovals)
    endSession(session, "FAILED", now, "REJECTED");
  return true;
}

export function endSession(
  session: Session,
  status: Exclude<SessionStatus, "PENDING">,
  at: Date,
  statusCode?: SessionStatusCode,
): void {
  Object.assign(session, { status, completionTime: at, ...(statusCode && { statusCode }) });
  session.onEnd(session, at);
}

/** The session as ListSessions answers it. */
export const flattenSessionSummary = (session: Session) => ({
  SessionArn: session.arn,
  ApprovalTeamName: session.team.name,
  ApprovalTeamArn: session.team.arn,
  InitiationTime: session.initiationTime,
  ExpirationTime: session.expirationTime,
  CompletionTime: session.completionTime,
  Description: session.description,
  ActionName: session.actionName,
  ProtectedResourceArn: session.protectedResourceArn,
  RequesterServicePrincipal: session.servicePrincipal,
  RequesterPrincipalArn: session.requesterArn,
  RequesterRegion: session.requesterRegion,
  RequesterAccountId: session.requesterAccount,
  Status: session.status,
  StatusCode: session.statusCode,
  StatusMessage: session.statusMessage,
  ActionCompletionStrategy: "AUTO_COMPLETION_UPON_APPROVAL",
});

/** The session as GetSession answers it. */
export const flattenSession = (session: Session) => ({
  ...flattenSessionSummary(session),
  ApprovalStrategy: { MofN: { MinApprovalsRequired: session.minApprovals } },
  NumberOfApprovers: session.votes.length,
  ExecutionStatus: { PENDING: "PENDING", APPROVED: "EXECUTED", FAILED: undefined, CANCELLED: undefined }[
    session.status
  ],
  RequesterComment: session.comment,
  ApproverResponses: session.votes.map((vote) => ({
    ApproverId: vote.approverId,
    IdentitySourceArn: vote.identitySourceArn,
    IdentityId: vote.identityId,
    Response: vote.response,
    ResponseTime: vote.responseTime,
  })),
});
