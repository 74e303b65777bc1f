import {
  type Call,
  type Clock,
  type Emulator,
  type EmulatorOptions,
  startEmulator as start,
} from "../emulator";
import { systemClock } from "../emulator/clock";
import { CUSTOMER_ACCOUNT, Customer } from "./customer";
import { FaultPlan, type PlannedFault } from "./faults";
import { callSqs } from "./wire";

/** What is particular about an account of the embedded AWS. */
export interface Account {
  /** Whether AWS has enrolled it as a product provider, which may make delegation requests. Default: it has. */
  enrolled?: boolean;
  /**
   * Whether its people let vendors read the requests that they have claimed, by an IAM policy of theirs. Default: they
   * do not, as usual; a refresh then keeps the last known state. `customer.letVendorRead(id)` does it for one request.
   */
  letsVendorsRead?: boolean;
}

/** Options of {@link startEmulator}. */
export interface TestEmulatorOptions extends Omit<EmulatorOptions, "unenrolledAccounts"> {
  /** Accounts about which something is particular, by their 12-digit ids. Every other id is an account, too. */
  accounts?: Readonly<Record<string, Account>>;
  /** What is to go wrong. More can be planned with `fail`. */
  faults?: readonly PlannedFault[];
}

/** An embedded AWS as tests use it. */
export interface TestEmulator extends Emulator {
  /** Where it takes the time from: that of the options. */
  readonly clock: Clock;
  /** The people of an account that is asked for access. Default: of 222222222222. @throws RangeError when it is no account id */
  customer(account?: string): Customer;
  /** Plans faults, for calls from now on. @throws RangeError when one says what cannot be. */
  fail(...faults: PlannedFault[]): void;
  /** The planned faults that have not struck. One for every call stays for ever. */
  pendingFaults(): readonly PlannedFault[];
  /** Forgets the planned faults: from now on nothing goes wrong. */
  clearFaults(): void;
  /**
   * Receives and deletes what is in a queue: the bodies, which `iam.parseNotification` reads.
   * @param region of the queue; default us-east-1
   */
  takeMessages(queueUrl: string, region?: string): Promise<string[]>;
}

/**
 * Starts an embedded AWS on 127.0.0.1, for as long as it is not closed (`await using`, or `close()`). It is in memory,
 * runs on `clock`, and makes and deletes identity sources at once unless it is told otherwise.
 *
 * @throws RangeError when a fault says what cannot be; the system's error when the port is taken
 *
 * @example
 * const clock = new ManualClock();
 * await using emulator = await startEmulator({ clock });
 * await emulator.customer().approve(delegationRequestId);
 * clock.advance("25h");
 */
export async function startEmulator(options: TestEmulatorOptions = {}): Promise<TestEmulator> {
  const { accounts = {}, faults = [], intercept, ...others } = options;
  const plan = new FaultPlan();
  for (const fault of faults) plan.add(fault);
  const emulator = await start({
    identitySourceCreation: { delayMs: 0 },
    identitySourceDeletion: { delayMs: 0 },
    ...others,
    unenrolledAccounts: Object.keys(accounts).filter((id) => accounts[id]?.enrolled === false),
    async intercept(call) {
      if (claims(call) && accounts[call.account]?.letsVendorsRead) letVendorsRead(emulator, call.account);
      return (await intercept?.(call)) ?? (await plan.strike(call));
    },
  });
  return Object.assign(emulator, {
    clock: options.clock ?? systemClock,
    customer: (account = CUSTOMER_ACCOUNT) => new Customer(emulator, account),
    fail: (...more: PlannedFault[]) => {
      for (const fault of more) plan.add(fault);
    },
    pendingFaults: () => plan.pending,
    clearFaults: () => plan.clear(),
    takeMessages,
  });

  async function takeMessages(queueUrl: string, region = "us-east-1"): Promise<string[]> {
    const account = new URL(queueUrl).pathname.split("/")[1] ?? "";
    const sender = { endpoint: emulator.endpoint, account, region };
    const bodies: string[] = [];
    for (;;) {
      const input = { QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 };
      const { Messages } = await callSqs("ReceiveMessage", input, sender);
      if (!Array.isArray(Messages) || Messages.length === 0) return bodies;
      for (const { Body, ReceiptHandle } of Messages) {
        bodies.push(String(Body));
        await callSqs("DeleteMessage", { QueueUrl: queueUrl, ReceiptHandle }, sender);
      }
    }
  }
}

const claims = ({ service, operation, phase }: Call): boolean =>
  service === "iam" && operation === "AssociateDelegationRequest" && phase === "after-effect";

function letVendorsRead({ store }: Emulator, account: string): void {
  for (const request of store.delegationRequests.values()) {
    if (request.ownerAccountId === account) request.readableBy.add(request.requestorId);
  }
}
