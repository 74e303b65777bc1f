/**
 * An embedded AWS: Multi-party approval's identity sources, IAM's delegation requests, and as much of STS, SNS and SQS
 * as they need, on one loopback endpoint that speaks AWS's wire protocols. Point any AWS client at it with
 * `AWS_ENDPOINT_URL`. Everything is in memory, and nothing happens on timers: what is due on the clock happens when the
 * next call comes in.
 *
 * # Accounts
 * A 12-digit access key id is the account to act in, as its root user. Temporary credentials that the emulator issued
 * belong to the account they were issued for. Every other access key id acts in 000000000000.
 *
 * # A place to click
 * The `ConsoleDeepLink` of a delegation request and the `ApprovalPortalUrl` of an identity source open in a browser. What
 * is clicked there is called by the customer's root user, like any other call.
 *
 * # Limitations
 * - A signature's form, service, region and session token are checked; its value and date are not, because the emulator
 *   doesn't know its callers' secret keys.
 * - IAM policies and roles are not evaluated: in a delegation request's owner account the owner and the root user may
 *   act, nobody else, and tests say who else may read (`readableBy`); any caller may assume any role. The policy of a
 *   notification channel's topic is evaluated, with the condition operators StringEquals, StringLike, ArnEquals and
 *   ArnLike on aws:SourceAccount. Any other condition keeps an Allow from applying.
 * - Policy templates are not registered: every template ARN is taken, and `PermissionPolicy` merely shows the template
 *   and its parameters. Delegated credentials can do whatever the emulator offers to their account.
 * - Where AWS documents no answer, the emulator takes: InvalidInput (400) for an operation that the request's state
 *   forbids; ValidationError (400) for a trade-in token that was never sent and AccessDenied (403) for one that was sent
 *   to another account; ValidationException (400) for a ClientToken that comes with other parameters than before;
 *   success for deleting an identity source that is gone. An expired delegation request can be read for another day.
 * - Multi-party approval has identity sources only: no teams, sessions or policies. Only the partition `aws` exists.
 * - SNS and SQS are `fauxqs`, one for each account, in a worker thread; its own limits apply. It runs on the system's
 *   clock, gives signatures that verify nowhere, and evaluates no policies: a topic reaches the queues of its own account
 *   whatever their policy says, and no others. A topic's policy decides whether IAM's notifications are published to it.
 * - A request has 16 KiB of headers, 4 MiB of body and a minute to arrive; what exceeds that is answered 431, 413, 408.
 * - RegionDisabledException, LimitExceeded, ConcurrentModification, throttling and internal failures never happen by
 *   themselves: make them with `intercept`.
 * - Version 1 of the AWS CLI ignores `AWS_ENDPOINT_URL` for SQS alone: use `aws sqs --endpoint-url`.
 */
import type { CallRecord } from "./call";
import { type Clock, systemClock } from "./clock";
import { Cloud } from "./cloud";
import { Console } from "./console";
import { placeOf } from "./console/links";
import { handle, type Interceptor } from "./gateway";
import { listen } from "./http";
import type { DelegationRequest } from "./iam/delegationRequest";
import type { IdentitySource, IdentitySourceCreation, IdentitySourceDeletion } from "./mpa/identitySource";
import type { WireRequest } from "./protocols/protocol";

export type { Call, CallRecord, Fault } from "./call";
export { type Clock, ManualClock } from "./clock";
export type { Interceptor } from "./gateway";
export type { DelegationRequest, DelegationRequestState, Transition } from "./iam/delegationRequest";
export type {
  IdentitySource,
  IdentitySourceCreation,
  IdentitySourceDeletion,
  IdentitySourceFailure,
  IdentitySourceStatus,
  IdentitySourceStatusCode,
} from "./mpa/identitySource";

export interface EmulatorOptions {
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** How identity sources end their CREATING; default ACTIVE after 0.5 s. Can be changed while running. */
  readonly identitySourceCreation?: IdentitySourceCreation;
  /** How identity sources end their DELETING; default gone after 0.5 s. Can be changed while running. */
  readonly identitySourceDeletion?: IdentitySourceDeletion;
  /** Accounts that AWS has not enrolled as partners: CreateDelegationRequest answers AccessDenied to them. */
  readonly unenrolledAccounts?: readonly string[];
  /** Sees every call before its effect, and after it when it succeeded, and may answer a fault. */
  readonly intercept?: Interceptor;
  /** Receives one line a call: time, account, service:Operation, status, error code. Never inputs or secrets. */
  readonly log?: (line: string) => void;
}

/** What the emulator remembers, for tests to inspect. */
export interface EmulatorStore {
  /** By account: an account has at most one. Add to a source's `usedByTeams` to make its deletion a conflict. */
  readonly identitySources: ReadonlyMap<string, IdentitySource>;
  /** By request id. */
  readonly delegationRequests: ReadonlyMap<string, DelegationRequest>;
}

export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, the value for `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly port: number;
  /** Every call so far, oldest first. */
  readonly calls: readonly CallRecord[];
  /** As it is at this moment of the emulator's clock. */
  readonly store: EmulatorStore;
  /** How identity sources created from now on end their CREATING. */
  identitySourceCreation: IdentitySourceCreation;
  /** How identity sources deleted from now on end their DELETING. */
  identitySourceDeletion: IdentitySourceDeletion;
  /** Lets this process end though the emulator is open: for those who may forget to close it. Call it at once. */
  unref(): void;
  /** Ends every connection and releases the port. */
  close(): Promise<void>;
}

/** Starts an embedded AWS on 127.0.0.1. Rejects with the system's error when the port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { clock = systemClock, intercept, log = () => {} } = options;
  const calls: CallRecord[] = [];
  const listening = await listen(options.port ?? 0);
  const { port } = listening;
  const endpoint = `http://127.0.0.1:${port}`;
  const settings = {
    identitySourceCreation: options.identitySourceCreation ?? {},
    identitySourceDeletion: options.identitySourceDeletion ?? {},
    unenrolledAccounts: new Set(options.unenrolledAccounts),
  };
  const cloud = new Cloud(clock, settings, endpoint, (line) => log(`${clock.now().toISOString()} ${line}`));
  const call = async (request: WireRequest, gone: AbortSignal) => {
    const { answer, record } = await handle(request, cloud, intercept, gone);
    calls.push(record);
    log(accessLine(record));
    return answer;
  };
  const customersConsole = new Console(cloud, call);

  listening.serve((request, gone) => {
    const place = placeOf(request.path);
    return place === undefined ? call(request, gone) : customersConsole.answer(request, place, gone);
  });

  const close = async () => {
    await listening.close();
    await cloud.messaging.close();
  };
  return {
    endpoint,
    port,
    calls,
    get store() {
      cloud.settle();
      return cloud;
    },
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
    unref: listening.unref,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function accessLine({ time, account, service, operation, status, errorCode }: CallRecord): string {
  const result = status === undefined ? "connection dropped" : [status, errorCode].filter(Boolean).join(" ");
  return `${time.toISOString()} ${account ?? "-"} ${service}:${operation} ${result}`;
}
