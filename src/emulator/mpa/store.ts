import { randomUUID } from "node:crypto";
import type { Caller } from "../caller";
import { AwsError } from "../errors";
import type { Output } from "../protocols/protocol";
import {
  type ApprovalTeam,
  type ApprovalTeamValidation,
  endValidation,
  expireInvitations,
} from "./approvalTeam";
import { accessDenied, notFound } from "./errors";
import { type IdentitySource, transitionIfDue } from "./identitySource";
import { endSession, newSession, type Session, type SessionRequest } from "./session";

/** The state of Multi-party approval. */
export class MpaStore {
  /** By account: an account has at most one. */
  readonly identitySources = new Map<string, IdentitySource>();
  /** By ARN, oldest first. */
  readonly approvalTeams = new Map<string, ApprovalTeam>();
  /** By ARN, oldest first. */
  readonly sessions = new Map<string, Session>();
  /** The results of creates, by kind, account and ClientToken. */
  private readonly results = new Map<string, { fingerprint: string; output: Output }>();
  private lastVersion = 0;

  constructor(private readonly validation: () => ApprovalTeamValidation) {}

  /** Runs a create once for a token: its repetitions get the first result, also when that has been deleted since. */
  once(token: string | undefined, fingerprint: string, create: () => Output): Output {
    const earlier = token === undefined ? undefined : this.results.get(token);
    if (earlier !== undefined && earlier.fingerprint !== fingerprint) {
      throw new AwsError(
        "ValidationException",
        400,
        "The ClientToken was used before with different parameters",
      );
    }
    const output = earlier?.output ?? create();
    if (token !== undefined) this.results.set(token, { fingerprint, output });
    return output;
  }

  /** The identity source of the caller's account that an ARN names; undefined when there is none. */
  lookUpIdentitySource(arn: string, caller: Caller): IdentitySource | undefined {
    const [, account] = /^arn:aws:mpa:us-east-1:(\d{12}):identity-source\/[\w-]+$/.exec(arn) ?? [];
    if (account === undefined)
      throw new AwsError("ValidationException", 400, `Invalid identity source ARN: ${arn}`);
    if (account !== caller.account) throw accessDenied(caller, arn);
    const source = this.identitySources.get(account);
    return source?.arn === arn ? source : undefined;
  }

  findIdentitySource(arn: string, caller: Caller): IdentitySource {
    const source = this.lookUpIdentitySource(arn, caller);
    if (source === undefined) throw notFound(arn);
    return source;
  }

  /** The teams of an account, oldest first. */
  teamsOf(account: string): readonly ApprovalTeam[] {
    return [...this.approvalTeams.values()].filter((team) => team.account === account);
  }

  findTeam(arn: string, caller: Caller): ApprovalTeam {
    checkAccount("approval-team", arn, caller);
    const team = this.approvalTeams.get(arn);
    if (team === undefined) throw notFound(arn);
    return team;
  }

  findSession(arn: string, caller: Caller): Session {
    checkAccount("session", arn, caller);
    const session = this.sessions.get(arn);
    if (session === undefined) throw notFound(arn);
    return session;
  }

  openSession(request: SessionRequest, now: Date): Session {
    const session = newSession(request, randomUUID(), now);
    this.sessions.set(session.arn, session);
    return session;
  }

  /** AWS's are times in milliseconds. */
  newVersionId(now: Date): string {
    this.lastVersion = Math.max(now.getTime(), this.lastVersion + 1);
    return String(this.lastVersion);
  }

  /** Makes the changes that are due, in the order of their times: one may bring about the next. */
  applyDueTransitions(now: Date): void {
    for (const [account, source] of this.identitySources) {
      if (transitionIfDue(source, now) === "GONE") this.identitySources.delete(account);
    }
    for (let next = this.nextDue(now); next !== undefined; next = this.nextDue(now)) next();
  }

  private nextDue(now: Date): (() => void) | undefined {
    const due: { at: Date; apply: () => void }[] = [];
    for (const session of this.sessions.values()) {
      const at = session.expirationTime;
      if (session.status === "PENDING")
        due.push({ at, apply: () => endSession(session, "FAILED", at, "EXPIRED") });
    }
    for (const team of this.approvalTeams.values()) {
      if (team.due !== undefined) due.push({ at: team.due.at, apply: () => this.applyDue(team) });
    }
    const [first] = due.filter(({ at }) => at <= now).sort((a, b) => a.at.getTime() - b.at.getTime());
    return first?.apply;
  }

  private applyDue(team: ApprovalTeam): void {
    const { due } = team;
    if (due?.event === "validated") endValidation(team, this.problemOf(team), due.at);
    else if (due?.event === "invitations expired") expireInvitations(team);
    else if (due?.event === "deleted") this.approvalTeams.delete(team.arn);
  }

  /** Why a new team is not valid. */
  private problemOf({ account, approvers }: ApprovalTeam): string | undefined {
    const { outcome = "VALID" } = this.validation();
    if (outcome !== "VALID") return outcome.statusMessage;
    const source = this.identitySources.get(account);
    if (source?.status !== "ACTIVE") return "The account has no identity source that is ACTIVE";
    return approvers.every(({ identitySourceArn }) => identitySourceArn === source.arn)
      ? undefined
      : "An approver is of another identity source than the account's";
  }
}

function checkAccount(kind: string, arn: string, caller: Caller): void {
  const [, account] = new RegExp(`^arn:aws:mpa:us-east-1:(\\d{12}):${kind}/`).exec(arn) ?? [];
  if (account === undefined) throw new AwsError("ValidationException", 400, `Invalid ARN: ${arn}`);
  if (account !== caller.account) throw accessDenied(caller, arn);
}
