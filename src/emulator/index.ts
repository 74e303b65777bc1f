/**
 * An embedded AWS: Multi-party approval, IAM's delegation requests, and as much of AWS Backup, AWS Payment
 * Cryptography, STS, the identity store, SNS, SQS and DynamoDB as they need, on one loopback endpoint that speaks AWS's
 * wire protocols. Point any AWS client at it with `AWS_ENDPOINT_URL`. All state is in memory. There are no timers:
 * changes of state that are due on the clock are made when the next call comes in.
 *
 * docs/emulator.md says who a caller is, what the pages do, and where all this differs from AWS.
 */
import type { BackupVault } from "./backup/vault";
import type { CallRecord } from "./call";
import { administratorOf } from "./caller";
import { type Clock, systemClock } from "./clock";
import { Cloud } from "./cloud";
import { Console } from "./console";
import { consolePageOf } from "./console/links";
import { handle, type Interceptor } from "./gateway";
import { listen } from "./http";
import type { DelegationRequest } from "./iam/delegationRequest";
import { revokeAccess } from "./iam/revocation";
import type { User } from "./identitystore/user";
import type { ApprovalTeam, ApprovalTeamDeletion, ApprovalTeamValidation } from "./mpa/approvalTeam";
import type { IdentitySource, IdentitySourceCreation, IdentitySourceDeletion } from "./mpa/identitySource";
import { answerInvitation, vote } from "./mpa/people";
import type { Session } from "./mpa/session";
import type { TeamAssociation } from "./paymentcryptography/association";
import type { HttpRequest } from "./protocols/protocol";
import { RateLimiter, type RateLimits } from "./rateLimits";

export type { BackupVault } from "./backup/vault";
export type { Call, CallRecord, Fault } from "./call";
export type { Caller } from "./caller";
export { type Clock, ManualClock } from "./clock";
export type { Interceptor } from "./gateway";
export type {
  DelegationRequest,
  DelegationRequestState,
  PolicyParameter,
  Transition,
} from "./iam/delegationRequest";
export type { User } from "./identitystore/user";
export type {
  ApprovalTeam,
  ApprovalTeamDeletion,
  ApprovalTeamStatus,
  ApprovalTeamStatusCode,
  ApprovalTeamValidation,
  Approver,
  TeamDraft,
} from "./mpa/approvalTeam";
export type {
  IdentitySource,
  IdentitySourceCreation,
  IdentitySourceDeletion,
  IdentitySourceFailure,
  IdentitySourceStatus,
  IdentitySourceStatusCode,
} from "./mpa/identitySource";
export type { Session, SessionStatus, SessionStatusCode, Vote } from "./mpa/session";

export type { TeamAssociation } from "./paymentcryptography/association";
export type { RateLimit, RateLimits } from "./rateLimits";
export type { ServiceName } from "./service";

/** How the embedded AWS behaves. */
export interface EmulatorOptions {
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** How the creation of identity sources ends; default ACTIVE after 0.5 s. Can be changed while running. */
  readonly identitySourceCreation?: IdentitySourceCreation;
  /** How the deletion of identity sources ends; default gone after 0.5 s. Can be changed while running. */
  readonly identitySourceDeletion?: IdentitySourceDeletion;
  /** How the validation of new approval teams ends; default valid after 0.5 s. Can be changed while running. */
  readonly approvalTeamValidation?: ApprovalTeamValidation;
  /** What follows when members approve the deletion of their team; default gone at once. Can be changed while running. */
  readonly approvalTeamDeletion?: ApprovalTeamDeletion;
  /** Accounts that AWS has not enrolled as partners: CreateDelegationRequest answers AccessDenied to them. */
  readonly unenrolledAccounts?: readonly string[];
  /**
   * The accounts of each partner that AWS has registered several of. The requests that one of them makes may have their
   * notifications in a topic of another. Default: every account is a partner of its own.
   */
  readonly partners?: readonly (readonly string[])[];
  /** The users of identity stores, whom `identitystore:GetUserId` finds. Default: none. */
  readonly users?: readonly User[];
  /** How often an account may make a call; more are throttled, as AWS does. Default: as often as it likes. */
  readonly rateLimits?: RateLimits;
  /** Called for every call that is not throttled before its effect, and after it when it succeeded. May answer a fault to inject. */
  readonly intercept?: Interceptor;
  /** Receives one line for each call: time, account, service:Operation, status, error code. Never inputs or secrets. */
  readonly log?: (line: string) => void;
}

/** The emulator's state, for tests to inspect. */
export interface EmulatorStore {
  /** By account: an account has at most one. */
  readonly identitySources: ReadonlyMap<string, IdentitySource>;
  /** By ARN, oldest first. */
  readonly approvalTeams: ReadonlyMap<string, ApprovalTeam>;
  /** By ARN, oldest first; those that have ended too. */
  readonly sessions: ReadonlyMap<string, Session>;
  /** Logically air-gapped and restore-access vaults, by ARN, oldest first. */
  readonly backupVaults: ReadonlyMap<string, BackupVault>;
  /** The teams of AWS Payment Cryptography's operations, by account, region and operation. */
  readonly teamAssociations: ReadonlyMap<string, TeamAssociation>;
  /** By request id. */
  readonly delegationRequests: ReadonlyMap<string, DelegationRequest>;
}

/** A running embedded AWS. `close()` or `await using` ends it. */
export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, the value for `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** The port on 127.0.0.1. */
  readonly port: number;
  /** Every call so far, oldest first. */
  readonly calls: readonly CallRecord[];
  /** The state at the current time of the emulator's clock. */
  readonly store: EmulatorStore;
  /** How the creation of identity sources ends, for those created from now on. */
  identitySourceCreation: IdentitySourceCreation;
  /** How the deletion of identity sources ends, for those deleted from now on. */
  identitySourceDeletion: IdentitySourceDeletion;
  /**
   * Ends the access of a request at once, as "Revoke access" in AWS's console does: AWS documents no API for it.
   * @param account whose administrator revokes it
   * @throws an error with AWS's `code`: AccessDenied when the request is another account's, InvalidInput when there is no
   * access to revoke or its root user has approved it, NoSuchEntity
   */
  revokeAccess(delegationRequestId: string, account: string): void;
  /** The users of identity stores; more may be added. */
  readonly users: User[];
  /** How the validation of approval teams ends, for those created from now on. */
  approvalTeamValidation: ApprovalTeamValidation;
  /** What follows when members approve a deletion, for those asked for from now on. */
  approvalTeamDeletion: ApprovalTeamDeletion;
  /**
   * An approver answers the invitation to a team, as in the approval portal.
   * @throws RangeError when the person has no invitation to answer
   */
  answerInvitation(teamArn: string, identityId: string, response: "ACCEPTED" | "REJECTED"): void;
  /**
   * An approver votes, as in the approval portal.
   * @throws RangeError when the person has no vote to give
   */
  vote(sessionArn: string, identityId: string, response: "APPROVED" | "REJECTED"): void;
  /** Lets the process exit while the emulator is open. Call it directly after the start. */
  unref(): void;
  /** Ends every connection and releases the port. */
  close(): Promise<void>;
}

/**
 * Starts an embedded AWS on 127.0.0.1.
 *
 * @throws RangeError when a rate limit is not valid; an error with the system's `code`, such as EADDRINUSE, when the port
 * is in use
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { clock = systemClock, intercept, log = () => {} } = options;
  const calls: CallRecord[] = [];
  const rateLimiter = new RateLimiter(options.rateLimits);
  const server = await listen(options.port ?? 0);
  const { port } = server;
  const endpoint = `http://127.0.0.1:${port}`;
  const settings = {
    identitySourceCreation: options.identitySourceCreation ?? {},
    identitySourceDeletion: options.identitySourceDeletion ?? {},
    approvalTeamValidation: options.approvalTeamValidation ?? {},
    approvalTeamDeletion: options.approvalTeamDeletion ?? {},
    unenrolledAccounts: new Set(options.unenrolledAccounts),
    partners: options.partners ?? [],
    users: [...(options.users ?? [])],
    rateLimiter,
  };
  const cloud = new Cloud(clock, settings, endpoint, (line) => log(`${clock.now().toISOString()} ${line}`));
  const call = async (request: HttpRequest, abortSignal: AbortSignal) => {
    const { answer, record } = await handle(request, cloud, intercept, abortSignal);
    calls.push(record);
    log(accessLine(record));
    return answer;
  };
  const customerConsole = new Console(cloud, call);

  server.serve((request, abortSignal) => {
    const page = consolePageOf(request);
    return page === undefined
      ? call(request, abortSignal)
      : customerConsole.answer(request, page, abortSignal);
  });

  const close = async () => {
    await server.close();
    await Promise.all([cloud.messaging.close(), cloud.tables.close()]);
  };
  return {
    endpoint,
    port,
    calls,
    get store() {
      cloud.applyDueTransitions();
      return {
        identitySources: cloud.mpa.identitySources,
        approvalTeams: cloud.mpa.approvalTeams,
        sessions: cloud.mpa.sessions,
        backupVaults: cloud.backup.vaults,
        teamAssociations: cloud.teamAssociations,
        delegationRequests: cloud.iam.delegationRequests,
      };
    },
    users: settings.users,
    get identitySourceCreation() {
      return settings.identitySourceCreation;
    },
    set identitySourceCreation(value) {
      settings.identitySourceCreation = value;
    },
    get identitySourceDeletion() {
      return settings.identitySourceDeletion;
    },
    set identitySourceDeletion(value) {
      settings.identitySourceDeletion = value;
    },
    revokeAccess(delegationRequestId, account) {
      cloud.applyDueTransitions();
      const request = cloud.iam.findDelegationRequest(delegationRequestId);
      revokeAccess(request, administratorOf(account), clock.now());
    },
    get approvalTeamValidation() {
      return settings.approvalTeamValidation;
    },
    set approvalTeamValidation(value) {
      settings.approvalTeamValidation = value;
    },
    get approvalTeamDeletion() {
      return settings.approvalTeamDeletion;
    },
    set approvalTeamDeletion(value) {
      settings.approvalTeamDeletion = value;
    },
    answerInvitation(teamArn, identityId, response) {
      cloud.applyDueTransitions();
      answerInvitation(cloud.mpa, teamArn, identityId, response, clock.now());
    },
    vote(sessionArn, identityId, response) {
      cloud.applyDueTransitions();
      vote(cloud.mpa, sessionArn, identityId, response, clock.now());
    },
    unref: server.unref,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function accessLine({ time, account, service, operation, status, errorCode }: CallRecord): string {
  const result = status === undefined ? "connection dropped" : [status, errorCode].filter(Boolean).join(" ");
  return `${time.toISOString()} ${account ?? "-"} ${service}:${operation} ${result}`;
}
