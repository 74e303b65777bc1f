/**
 * An embedded AWS: Multi-party approval, IAM's delegation requests, and as much of AWS Backup, AWS Payment
 * Cryptography, STS, the identity store, SNS, SQS and DynamoDB as they need, on one loopback endpoint that speaks AWS's
 * wire protocols. Point any AWS client at it with `AWS_ENDPOINT_URL`. All state is in memory. There are no timers: changes
 * of state that are due on the clock are made when the next call comes in.
 *
 * # Accounts
 * A 12-digit access key id is the account to act in, as its root user; followed by `Administrator`, as a role that may do
 * everything in the account. Temporary credentials that the emulator issued belong to the account they were issued for.
 * Every other access key id acts in 000000000000.
 *
 * # Console
 * The endpoint itself, opened in a browser, lists what waits for a decision. The `ConsoleDeepLink` of a delegation request
 * and the `ApprovalPortalUrl` of an identity source open in a browser. A button there makes an API call as the customer's
 * role Administrator, which is checked and recorded like any other; only a revocation is no call, since AWS documents none.
 *
 * # Limitations
 * - A signature's format, service, region and session token are checked. Its value and date are not, because the
 *   emulator doesn't know its callers' secret keys.
 * - IAM policies and roles are not evaluated: in a delegation request's owner account only the owner, the root user and
 *   the role Administrator may act, tests say who else may read (`readableBy`), and any caller may assume any role. The policy of a
 *   notification channel's topic is evaluated, with the condition operators StringEquals, StringLike, ArnEquals and
 *   ArnLike on aws:SourceAccount. Any other condition keeps an Allow from applying.
 * - There is no registry of policy templates: every ARN of a template is accepted, and `PermissionPolicy` merely shows the
 *   template's ARN and parameters. Delegated credentials can do whatever the emulator offers to their account.
 * - Where AWS documents no answer, the emulator answers InvalidInput (400) for an operation that the request's state
 *   forbids, and for a root user who approves more than four hours; ValidationError (400) for a trade-in token that was
 *   never sent and AccessDenied (403) for one that was sent to another account; AccessDenied (403) for the token and every
 *   call with the credentials of access that was revoked, GetCallerIdentity too; EntityAlreadyExists for the workflow id of
 *   any earlier request, even when it is deleted; ValidationException (400) for a ClientToken that is reused with other
 *   parameters; success for deleting an identity source that does not exist. An expired delegation request can be read for
 *   another day.
 * - What approvers do has no API in AWS: see `answerInvitation` and `vote`. Every ARN of a policy is accepted for a team,
 *   and the documents of policies are ours. An approved deletion has no pending window, unless one is given. A team that is
 *   not ACTIVE cannot be changed, and is deleted at once. Only the partition `aws` exists.
 * - A team of any account counts as shared with every other by AWS RAM. Sessions of AWS Backup cannot be cancelled. A
 *   vault whose team is not ACTIVE gets another at once. A restore-access vault that is deleted while the team votes is gone,
 *   whatever the votes. Vaults hold no recovery points.
 * - SNS and SQS are `fauxqs`, one instance for each account, in a worker thread; its limits apply. It runs on the
 *   system's clock, makes signatures that no client can verify, and evaluates no policies: a topic delivers to the queues
 *   of its own account whatever their policy says, and to no others. A topic's policy decides whether IAM's notifications
 *   are published to it.
 * - DynamoDB is `dynalite`, one instance for each account and region, in a worker thread; its limits apply. Changes of a
 *   table are made when the call is answered, and expired items are deleted an hour later at the earliest. Transactions,
 *   streams, replicas and resource policies are refused by name.
 * - A request may have 16 KiB of headers and 4 MiB of body and take a minute to arrive; beyond that the answer is 431,
 *   413 or 408.
 * - RegionDisabledException, LimitExceeded, ConcurrentModification and internal failures occur only when `intercept`
 *   injects them, and throttling when `rateLimits` asks for it.
 * - Version 1 of the AWS CLI ignores `AWS_ENDPOINT_URL` for SQS alone: use `aws sqs --endpoint-url`.
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
