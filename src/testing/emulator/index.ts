/**
 * An embedded AWS: Multi-party approval's identity sources, IAM's delegation requests, and as much of STS, SNS and SQS
 * as they need, on one loopback endpoint that speaks AWS's wire protocols. Point any AWS client at it with
 * `AWS_ENDPOINT_URL`.
 */
import { createServer } from "node:http";
import type { CallRecord } from "./call";
import { type Clock, systemClock } from "./clock";
import { Cloud } from "./cloud";
import { handle, type Interceptor } from "./gateway";
import { readRequest, send } from "./http";
import type { DelegationRequest } from "./iam/delegationRequest";
import type { IdentitySource, IdentitySourceCreation, IdentitySourceDeletion } from "./mpa/identitySource";

export type { Call, CallRecord, Fault } from "./call";
export { type Clock, ManualClock } from "./clock";
export type { Interceptor } from "./gateway";
export type { DelegationRequest, DelegationRequestState } from "./iam/delegationRequest";
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
  /** Sees every call before and after its effect, and may answer a fault. */
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
  /** Ends every connection and releases the port. */
  close(): Promise<void>;
}

/** Starts an embedded AWS on 127.0.0.1. Rejects with the system's error when the port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { clock = systemClock, intercept, log = () => {} } = options;
  const calls: CallRecord[] = [];
  const closing = new AbortController();
  const server = createServer({ keepAliveTimeout: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The server has no port");
  const { port } = address;
  const endpoint = `http://127.0.0.1:${port}`;
  const settings = {
    identitySourceCreation: options.identitySourceCreation ?? {},
    identitySourceDeletion: options.identitySourceDeletion ?? {},
    unenrolledAccounts: new Set(options.unenrolledAccounts),
  };
  const cloud = new Cloud(clock, settings, endpoint, (line) => log(`${clock.now().toISOString()} ${line}`));

  server.on("request", async (incoming, response) => {
    try {
      const { answer, record } = await handle(await readRequest(incoming), cloud, intercept, closing.signal);
      calls.push(record);
      log(accessLine(record));
      if (answer === undefined) incoming.socket.destroy();
      else send(response, answer);
    } catch {
      // The client went away before it had sent its request: there is nobody to answer, and nothing was called.
      incoming.socket.destroy();
    }
  });

  const close = async () => {
    closing.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
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
    close,
    [Symbol.asyncDispose]: close,
  };
}

function accessLine({ time, account, service, operation, status, errorCode }: CallRecord): string {
  const result = status === undefined ? "connection dropped" : [status, errorCode].filter(Boolean).join(" ");
  return `${time.toISOString()} ${account ?? "-"} ${service}:${operation} ${result}`;
}
