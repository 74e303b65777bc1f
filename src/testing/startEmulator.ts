import {
  type Call,
  type Clock,
  type Emulator,
  type EmulatorOptions,
  startEmulator as start,
} from "../emulator";
import { systemClock } from "../emulator/clock";
import { Approver } from "./approver";
import { CUSTOMER_ACCOUNT, Customer, type CustomerOptions } from "./customer";
import { callJson } from "./emulatorClient";
import { FaultPlan, type PlannedFault } from "./faults";

/** Settings of an account of the embedded AWS. */
export interface Account {
  /** Whether it is enrolled as a product provider, which may make delegation requests. Default: true. */
  enrolled?: boolean;
  /**
   * The product provider that AWS has registered the account for, by any name. A request that one account of a provider
   * makes may have its notifications in a topic of another. Default: the account is a provider of its own.
   */
  partner?: string;
  /**
   * Whether it lets vendors read the requests that it has claimed, as by an IAM policy. Default: false, as is usual; a
   * refresh then keeps the last known state. `customer.letVendorRead(id)` allows it for one request.
   */
  letsVendorsRead?: boolean;
}

/** Options of {@link startEmulator}. */
export interface TestEmulatorOptions extends Omit<EmulatorOptions, "unenrolledAccounts" | "partners"> {
  /** Settings of accounts, by their 12-digit ids. Every other id is an account too, with the defaults. */
  accounts?: Readonly<Record<string, Account>>;
  /** Faults to inject. `injectFaults` adds more. */
  faults?: readonly PlannedFault[];
}

/** An embedded AWS with customers and planned faults. */
export interface TestEmulator extends Emulator {
  /** Its clock, as given in the options. */
  readonly clock: Clock;
  /** The people of a customer's account. Default: 222222222222. @throws RangeError when it is not an account id */
  customer(account?: string, options?: CustomerOptions): Customer;
  /** A person of an identity source, by the user id that teams have. */
  approver(userId: string): Approver;
  /** Plans faults, for calls from now on. @throws RangeError when one is not valid */
  injectFaults(...faults: PlannedFault[]): void;
  /** The planned faults that are not due yet. One for every call stays. */
  pendingFaults(): readonly PlannedFault[];
  /** Removes all planned faults. */
  clearFaults(): void;
  /**
   * Receives and deletes the messages of a queue. @returns their bodies, for `iam.parseNotification`
   * @param region of the queue; default us-east-1
   */
  takeMessages(queueUrl: string, region?: string): Promise<string[]>;
}

/**
 * Starts an embedded AWS on 127.0.0.1, which runs until it is closed (`await using`, or `close()`). It is in memory, and
 * creates and deletes identity sources, and validates approval teams, without delay by default.
 *
 * @throws RangeError when a fault is not valid; an error with the system's `code`, such as EADDRINUSE, when the port is in
 * use
 *
 * @example
 * import { ManualClock, startEmulator, testStack } from "pulumi-aws-approvals/testing";
 *
 * test("a request that nobody answers expires", async () => {
 *   const clock = new ManualClock();
 *   await using emulator = await startEmulator({ clock });
 *   await using stack = await testStack({ emulator, program: { workDir: "infrastructure" } });
 *   await stack.up();
 *   clock.advance("25h");
 *   const { outputs } = await stack.refresh();
 *   expect(outputs.state).toBe("EXPIRED");
 * });
 */
export async function startEmulator(options: TestEmulatorOptions = {}): Promise<TestEmulator> {
  const { accounts = {}, faults = [], intercept, ...others } = options;
  const plan = new FaultPlan();
  for (const fault of faults) plan.add(fault);
  const emulator = await start({
    identitySourceCreation: { delayMs: 0 },
    identitySourceDeletion: { delayMs: 0 },
    approvalTeamValidation: { delayMs: 0 },
    ...others,
    unenrolledAccounts: Object.keys(accounts).filter((id) => accounts[id]?.enrolled === false),
    partners: partnersOf(accounts),
    async intercept(call) {
      if (isClaim(call) && accounts[call.account]?.letsVendorsRead) letVendorsRead(emulator, call.account);
      return (await intercept?.(call)) ?? (await plan.takeDue(call));
    },
  });
  return Object.assign(emulator, {
    clock: options.clock ?? systemClock,
    customer: (account = CUSTOMER_ACCOUNT, customerOptions?: CustomerOptions) =>
      new Customer(emulator, account, customerOptions),
    approver: (userId: string) => new Approver(emulator, userId),
    injectFaults: (...more: PlannedFault[]) => {
      for (const fault of more) plan.add(fault);
    },
    pendingFaults: () => plan.pending,
    clearFaults: () => plan.clear(),
    takeMessages,
  });

  async function takeMessages(queueUrl: string, region = "us-east-1"): Promise<string[]> {
    const account = new URL(queueUrl).pathname.split("/")[1] ?? "";
    const caller = { endpoint: emulator.endpoint, account, region };
    const bodies: string[] = [];
    for (;;) {
      const input = { QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 };
      const { Messages } = await callJson("sqs", "ReceiveMessage", input, caller);
      if (!Array.isArray(Messages) || Messages.length === 0) return bodies;
      for (const { Body, ReceiptHandle } of Messages) {
        bodies.push(String(Body));
        await callJson("sqs", "DeleteMessage", { QueueUrl: queueUrl, ReceiptHandle }, caller);
      }
    }
  }
}

/** The accounts of each partner that is named. */
function partnersOf(accounts: Readonly<Record<string, Account>>): string[][] {
  const named = Object.entries(accounts).filter(([, { partner }]) => partner !== undefined);
  const names = new Set(named.map(([, { partner }]) => partner));
  return [...names].map((name) => named.filter(([, { partner }]) => partner === name).map(([id]) => id));
}

const isClaim = ({ service, operation, phase }: Call): boolean =>
  service === "iam" && operation === "AssociateDelegationRequest" && phase === "after-effect";

function letVendorsRead({ store }: Emulator, account: string): void {
  for (const request of store.delegationRequests.values()) {
    if (request.ownerAccountId === account) request.readableBy.add(request.requestorId);
  }
}
