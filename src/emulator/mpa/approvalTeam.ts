/**
 * Approval teams: what one is, and what happens to it by itself, when people respond, and when its sessions end. AWS's user
 * guide, "Team health" and "Updates and team drafts", has the statuses.
 */
import { AwsError } from "../errors";
import { integer, list, string, structure, type ValueOf } from "../shapes";
import type { Session } from "./session";

/** Whether a team works. Source: `mpa:GetApprovalTeam`. */
export type ApprovalTeamStatus = "ACTIVE" | "INACTIVE" | "DELETING" | "PENDING";
/** What is under way, or how it failed. Source: `mpa:GetApprovalTeam`. */
export type ApprovalTeamStatusCode =
  | "VALIDATING"
  | "PENDING_ACTIVATION"
  | "FAILED_VALIDATION"
  | "FAILED_ACTIVATION"
  | "UPDATE_PENDING_APPROVAL"
  | "UPDATE_PENDING_ACTIVATION"
  | "UPDATE_FAILED_APPROVAL"
  | "UPDATE_FAILED_ACTIVATION"
  | "UPDATE_FAILED_VALIDATION"
  | "DELETE_PENDING_APPROVAL"
  | "DELETE_FAILED_APPROVAL"
  | "DELETE_FAILED_VALIDATION";

/** How the validation of a new team ends. */
export interface ApprovalTeamValidation {
  /** How long it takes on the emulator's clock, in milliseconds; default 500. With 0 the first read shows the outcome. */
  readonly delayMs?: number;
  /** Default `"VALID"`: invitations go out, unless the account's identity source is not ACTIVE. */
  readonly outcome?:
    | "VALID"
    | {
        /** The reason in words: the validation fails. */
        readonly statusMessage: string;
      };
}

/** A member of a team, as `mpa:GetApprovalTeam` shows it. */
export interface Approver {
  /** Of the approver in this team. */
  readonly id: string;
  /** The user id in the identity store. */
  readonly identityId: string;
  /** The ARN of the identity source that the user comes from. */
  readonly identitySourceArn: string;
  /** The answer to the invitation. */
  response: "PENDING" | "ACCEPTED" | "REJECTED";
  /** When the invitation was answered. */
  responseTime?: Date;
  /** What the member did last. */
  lastActivity?: "VOTED" | "BASELINED" | "RESPONDED_TO_INVITATION";
  /** When the member did it. */
  lastActivityTime?: Date;
  /** The session that asks the member to show that they can be reached. */
  pendingBaselineSessionArn?: string;
  /** Whether the team knows the approver's present MFA device. */
  mfa: "IN_SYNC" | "OUT_OF_SYNC";
}

/** A proposed change of a team. */
export interface TeamDraft {
  /** The version that the team has once the change is made. */
  readonly versionId: string;
  /** The description as it would be. */
  readonly description: string;
  /** How many members would have to approve. */
  readonly minApprovals: number;
  /** The members as they would be. */
  readonly approvers: readonly Approver[];
  /** When the change was asked for. */
  readonly initiationTime: Date;
  /** The status of the change. */
  status: ApprovalTeamStatus;
  /** What the change waits for, or how it failed. */
  statusCode: ApprovalTeamStatusCode;
  /** The reason in words. */
  statusMessage?: string;
}

/** How the deletion of a team ends that its members have approved. */
export interface ApprovalTeamDeletion {
  /** The pending window of a deletion that names none, in days; default 0. */
  readonly windowDays?: number;
}

/** An approval team, as `mpa:GetApprovalTeam` shows it. */
export interface ApprovalTeam {
  /** The account that has the team, 12 digits. */
  readonly account: string;
  /** The ARN. */
  readonly arn: string;
  /** The name, unique in the account. */
  readonly name: string;
  /** The ARNs of the policies' versions that the team works with. */
  readonly policies: readonly string[];
  /** When it was made, on the emulator's clock. */
  readonly creationTime: Date;
  /** The tags, by key. */
  readonly tags: Map<string, string>;
  /** What the team is for. */
  description: string;
  /** How many members must approve. */
  minApprovals: number;
  /** The members. */
  approvers: readonly Approver[];
  /** The version, another one after every change. */
  versionId: string;
  /** Whether the team works. */
  status: ApprovalTeamStatus;
  /** What is under way, or how it failed. */
  statusCode?: ApprovalTeamStatusCode;
  /** The reason in words. */
  statusMessage?: string;
  /** When it was last changed. */
  lastUpdateTime?: Date;
  /** The change that is not made yet, or that failed. */
  draft?: TeamDraft;
  /** The session of the draft or of the deletion. */
  session?: Session;
  /** What happens to the team by itself. */
  due?: {
    /** When, on the emulator's clock. */
    readonly at: Date;
    /** What happens then. */
    readonly event: "validated" | "invitations expired" | "deleted";
  };
}

/** How long invitations and sessions last. */
export const WINDOW_MS = 24 * 3_600_000;
const DEFAULT_DELAY_MS = 500;

export const later = (from: Date, milliseconds: number): Date => new Date(from.getTime() + milliseconds);

const identitySourceArn = string({ max: 1000 });
/** The members of a team that Create and Update have in common. */
export const teamMembers = {
  ApprovalStrategy: structure(
    { MofN: structure({ MinApprovalsRequired: integer({ min: 1 }) }, ["MinApprovalsRequired"]) },
    [],
  ),
  Approvers: list(
    structure(
      { PrimaryIdentityId: string({ min: 1, max: 100 }), PrimaryIdentitySourceArn: identitySourceArn },
      ["PrimaryIdentityId", "PrimaryIdentitySourceArn"],
    ),
    { min: 1, max: 20 },
  ),
  Description: string({ min: 1, max: 256, sensitive: true }),
};
export const approvalTeamArn = string({
  min: 20,
  max: 2048,
  pattern: "arn:aws(-[^:]+)?:mpa:[a-z0-9-]{1,20}:[0-9]{12}:approval-team/[a-zA-Z0-9._-]+",
});

/** The threshold of a strategy. */
export function minApprovalsOf(
  strategy: ValueOf<typeof teamMembers.ApprovalStrategy>,
  numberOfApprovers: number,
): number {
  const threshold = strategy.MofN?.MinApprovalsRequired;
  if (threshold === undefined)
    throw new AwsError("ValidationException", 400, "ApprovalStrategy must have exactly one member set");
  if (threshold > numberOfApprovers)
    throw new AwsError(
      "ValidationException",
      400,
      "MinApprovalsRequired must not exceed the number of approvers",
    );
  return threshold;
}

/** The approvers of a request, each once. Those who are in the team already stay as they are. */
export function approversOf(
  requested: ValueOf<typeof teamMembers.Approvers>,
  present: readonly Approver[],
  newId: () => string,
): readonly Approver[] {
  const approvers = new Map<string, Approver>();
  for (const { PrimaryIdentityId, PrimaryIdentitySourceArn } of requested) {
    const known = present.find(
      ({ identityId, identitySourceArn }) =>
        identityId === PrimaryIdentityId && identitySourceArn === PrimaryIdentitySourceArn,
    );
    approvers.set(
      `${PrimaryIdentityId} ${PrimaryIdentitySourceArn}`,
      known ?? {
        id: newId(),
        identityId: PrimaryIdentityId,
        identitySourceArn: PrimaryIdentitySourceArn,
        response: "PENDING",
        mfa: "IN_SYNC",
      },
    );
  }
  return [...approvers.values()];
}

export const pendingValidation = ({ delayMs = DEFAULT_DELAY_MS }: ApprovalTeamValidation, now: Date) =>
  ({ at: later(now, delayMs), event: "validated" }) as const;

/** Ends the validation of a new team: invitations go out. */
export function endValidation(team: ApprovalTeam, problem: string | undefined, at: Date): void {
  if (problem !== undefined) fail(team, "FAILED_VALIDATION", problem);
  else {
    team.statusCode = "PENDING_ACTIVATION";
    team.due = { at: later(at, WINDOW_MS), event: "invitations expired" };
  }
}

/** The time for answering invitations is over. */
export function expireInvitations(team: ApprovalTeam): void {
  const message = "Not every approver has accepted the invitation in time";
  if (team.draft?.statusCode === "UPDATE_PENDING_ACTIVATION") {
    failDraft(team, "UPDATE_FAILED_ACTIVATION", message);
  } else fail(team, "FAILED_ACTIVATION", message);
}

/** An approver accepts or rejects the invitation to the team, or to its draft. @returns false when there is none */
export function respondToInvitation(
  team: ApprovalTeam,
  identityId: string,
  response: "ACCEPTED" | "REJECTED",
  now: Date,
): boolean {
  const forDraft = team.draft?.statusCode === "UPDATE_PENDING_ACTIVATION";
  if (!forDraft && team.statusCode !== "PENDING_ACTIVATION") return false;
  const invited = (forDraft ? team.draft?.approvers : team.approvers) ?? [];
  const approver = invited.find((one) => one.identityId === identityId && one.response === "PENDING");
  if (approver === undefined) return false;
  Object.assign(approver, {
    response,
    responseTime: now,
    lastActivity: "RESPONDED_TO_INVITATION",
    lastActivityTime: now,
  });
  if (response === "REJECTED") {
    const message = `The approver ${identityId} has rejected the invitation`;
    if (forDraft) failDraft(team, "UPDATE_FAILED_ACTIVATION", message);
    else fail(team, "FAILED_ACTIVATION", message);
  } else if (invited.every((one) => one.response === "ACCEPTED")) {
    if (team.draft !== undefined) applyDraft(team, team.draft, now);
    else activate(team);
  }
  return true;
}

function activate(team: ApprovalTeam): void {
  team.status = "ACTIVE";
  clearCode(team);
}

function fail(team: ApprovalTeam, statusCode: ApprovalTeamStatusCode, statusMessage: string): void {
  delete team.due;
  Object.assign(team, { status: "INACTIVE", statusCode, statusMessage });
}

/** The members approved the draft: whoever is new in it is invited now. */
export function approveDraft(team: ApprovalTeam, now: Date): void {
  const { draft } = team;
  if (draft === undefined) return;
  if (draft.approvers.every(({ response }) => response === "ACCEPTED")) applyDraft(team, draft, now);
  else {
    team.statusCode = draft.statusCode = "UPDATE_PENDING_ACTIVATION";
    team.due = { at: later(now, WINDOW_MS), event: "invitations expired" };
  }
}

function applyDraft(team: ApprovalTeam, draft: TeamDraft, now: Date): void {
  const { description, minApprovals, approvers, versionId } = draft;
  Object.assign(team, { description, minApprovals, approvers, versionId, lastUpdateTime: now });
  discardDraft(team);
}

/** The draft has failed: it stays until it is deleted or replaced, and the team is what it was. */
export function failDraft(team: ApprovalTeam, statusCode: ApprovalTeamStatusCode, statusMessage: string) {
  delete team.due;
  const failed = { statusCode, statusMessage };
  Object.assign(team, failed);
  if (team.draft !== undefined) Object.assign(team.draft, { status: "INACTIVE", ...failed });
}

/** The team goes on with what it had. */
export function discardDraft(team: ApprovalTeam): void {
  delete team.draft;
  clearCode(team);
}

export function clearCode(team: ApprovalTeam): void {
  delete team.due;
  delete team.statusCode;
  delete team.statusMessage;
  delete team.session;
}

const strategy = (minApprovals: number) => ({ MofN: { MinApprovalsRequired: minApprovals } });

/** The team as GetApprovalTeam answers it. */
export function flattenTeam(team: ApprovalTeam) {
  const { draft } = team;
  return {
    ...flattenSummary(team),
    Approvers: team.approvers.map(flattenApprover),
    UpdateSessionArn: team.session?.arn,
    VersionId: team.versionId,
    Policies: team.policies.map((PolicyArn) => ({ PolicyArn })),
    LastUpdateTime: team.lastUpdateTime,
    PendingUpdate: draft && {
      VersionId: draft.versionId,
      Description: draft.description,
      ApprovalStrategy: strategy(draft.minApprovals),
      NumberOfApprovers: draft.approvers.length,
      Status: draft.status,
      StatusCode: draft.statusCode,
      StatusMessage: draft.statusMessage,
      Approvers: draft.approvers.map(flattenApprover),
      UpdateInitiationTime: draft.initiationTime,
    },
  };
}

/** The team as ListApprovalTeams answers it. */
export const flattenSummary = (team: ApprovalTeam) => ({
  CreationTime: team.creationTime,
  ApprovalStrategy: strategy(team.minApprovals),
  NumberOfApprovers: team.approvers.length,
  Arn: team.arn,
  Name: team.name,
  Description: team.description,
  Status: team.status,
  StatusCode: team.statusCode,
  StatusMessage: team.statusMessage,
});

const flattenApprover = (approver: Approver) => ({
  ApproverId: approver.id,
  ResponseTime: approver.responseTime,
  PrimaryIdentityId: approver.identityId,
  PrimaryIdentitySourceArn: approver.identitySourceArn,
  PrimaryIdentityStatus: approver.response,
  LastActivity: approver.lastActivity,
  LastActivityTime: approver.lastActivityTime,
  PendingBaselineSessionArn: approver.pendingBaselineSessionArn,
  MfaMethods: [{ Type: "EMAIL_OTP", SyncStatus: approver.mfa }],
});
