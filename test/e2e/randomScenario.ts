// Drives two stacks of the same names through a random life, and checks the invariants after every operation. At the end,
// when no more faults are injected, a destroy of the second must leave the first alone, the first must converge to the
// program, and a destroy must remove everything.

import {
  EngineKilledError,
  OperationFailedError,
  type StackFault,
  type TestStack,
  testStack,
} from "../../src/testing";
import { AwsFixture, CUSTOMER, PARTNER, SECRET_KEY } from "./awsFixture";
import {
  BACKENDS,
  type Backend,
  type CustomerAction,
  type Event,
  type Life,
  type Operation,
  type OutsideAction,
} from "./events";
import { openInbox } from "./inbox";
import { RandomInvariants, type Run } from "./randomInvariants";
import { RandomProgram } from "./randomProgram";

/** The IAM Identity Center instance of a source that somebody else makes. */
const FOREIGN_INSTANCE = "arn:aws:sso:::instance/ssoins-9999999999999999";

/** Requests are not found. No operation may fail for that, or take them to be gone. */
const HIDDEN_REQUESTS: StackFault = {
  ...{ operation: "iam:GetDelegationRequest", call: "every", account: PARTNER },
  answer: { status: 404, code: "NoSuchEntity" },
};

export class RandomScenario {
  /** The changes that a preview has shown, while they are still up to date. */
  private readonly previewed = new Map<Backend, string[]>();
  private isSlow = false;

  private constructor(
    private readonly fixture: AwsFixture,
    private readonly inbox: Awaited<ReturnType<typeof openInbox>>,
    private readonly stacks: Record<Backend, TestStack>,
    private readonly program: RandomProgram,
    private readonly invariants: RandomInvariants,
  ) {
    fixture.fault = ({ service, phase }) => {
      if (this.isSlow && service === "mpa" && phase === "before-effect") fixture.clock.advance("1s");
      return undefined;
    };
  }

  static async open(inlineProvider: boolean): Promise<RandomScenario> {
    const program = new RandomProgram();
    let onOutput = (_: string) => {};
    const fixture = await AwsFixture.open({ log: (text) => onOutput(text) });
    const inbox = await openInbox(fixture.emulator.endpoint, PARTNER);
    const openStack = () =>
      testStack<unknown>({
        ...{ emulator: fixture.emulator, inlineProvider },
        // What an inline provider does beside the step at which the engine is killed would go on unheard.
        ...(inlineProvider && { parallel: 1 }),
        // One attempt, or the SDK's retries would hide most of the faults.
        env: { AWS_SECRET_ACCESS_KEY: SECRET_KEY, AWS_MAX_ATTEMPTS: "1" },
        program: () => program.declare(),
        onOutput: (text) => onOutput(text),
      });
    const stacks = { first: await openStack(), second: await openStack() };
    const invariants = new RandomInvariants(fixture, stacks, program);
    onOutput = (text) => void invariants.output.push(text);
    return new RandomScenario(fixture, inbox, stacks, program, invariants);
  }

  async close(): Promise<void> {
    await this.inbox.close();
    for (const backend of BACKENDS) await this.stacks[backend].close();
    await this.fixture.close();
  }

  async play(life: Life): Promise<void> {
    this.begin(life);
    for (const event of life.events) await this.apply(event);
    await this.finish();
  }

  /** The program is empty, and so are the stacks and the account. */
  private begin({ aheadMs, slow }: Life): void {
    const { clock, emulator } = this.fixture;
    clock.set(new Date(Date.now() + aheadMs));
    this.isSlow = slow;
    emulator.identitySourceCreation = { delayMs: slow ? 3_500 : 0 };
    emulator.identitySourceDeletion = { delayMs: slow ? 1_500 : 0 };
    this.program.reset();
    this.invariants.reset();
    this.previewed.clear();
  }

  private async apply(event: Event): Promise<void> {
    if (event.kind !== "run") this.previewed.clear();
    switch (event.kind) {
      case "declare request":
        this.program.requests.set(event.name, event.request);
        break;
      case "remove request":
        this.program.requests.delete(event.name);
        break;
      case "declare source":
        this.program.source = event.source;
        break;
      case "remove source":
        this.program.source = undefined;
        break;
      case "rename":
        this.program.rename(event.name, event.alias);
        break;
      case "customer":
        await this.actAsCustomer(event.action, event.nth);
        break;
      case "time":
        this.fixture.clock.advance(event.passes);
        break;
      case "outside":
        await this.changeSource(event.action);
        break;
      case "run": {
        const stack = this.stacks[event.backend];
        // Faults hit only the stacks' own calls, and not those of customers and others.
        for (const fault of event.faults)
          stack.injectFaults("operation" in fault ? { ...fault, account: PARTNER } : fault);
        if (event.hidesRequests) stack.injectFaults(HIDDEN_REQUESTS);
        await this.run(event.backend, event.operation);
        stack.clearFaults();
        break;
      }
    }
  }

  /** Without more faults: refresh and up bring about what the program declares, and destroy removes it. */
  private async finish(): Promise<void> {
    // What is under way in AWS ends.
    this.fixture.clock.advance("1m");
    this.previewed.clear();
    await this.mustRun("second", "refresh");
    await this.destroy("second");

    await this.mustRun("first", "refresh");
    await this.resolveConflict();
    await this.expectUpToConverge();
    this.invariants.expectStatesIntact();
    await this.invariants.expectNoSecretShown(this.inbox.queueUrl);

    this.stacks.first.injectFaults(HIDDEN_REQUESTS);
    await this.mustRun("first", "refresh");
    this.stacks.first.clearFaults();
    if (this.program.source) {
      // A new stack of the same names may take the source over only if it says so.
      await this.run("second", "up");
      await this.destroy("second");
    }

    // After this time requests that nobody has claimed have expired.
    this.fixture.clock.advance("25h");
    await this.changeSource("replace source");
    await this.mustRun("first", "refresh");
    await this.resolveConflict();
    await this.expectUpToConverge();

    await this.changeSource("replace source");
    await this.destroy("first");
    expect(this.fixture.sources()).toHaveLength(this.program.source ? 1 : 0);
    await this.removeSource();
  }

  private async destroy(backend: Backend): Promise<void> {
    await this.mustRun(backend, "destroy");
    expect(this.stacks[backend].resources()).toEqual([]);
  }

  private async expectUpToConverge(): Promise<void> {
    await this.mustRun("first", "up");
    expect((await this.mustRun("first", "preview")).changes).toEqual([]);
    this.invariants.expectConverged("first");
  }

  /**
   * An account has one identity source at most. An up reports one that it may not take over, and leaves it alone; a user
   * then lets the stack delete what it holds under a former name, and removes what is left.
   */
  private async resolveConflict(): Promise<void> {
    const { source } = this.program;
    if (this.invariants.hasConflict("first")) {
      await this.run("first", "up");
      this.program.source = undefined;
      await this.mustRun("first", "up");
    } else if (source !== undefined) return;
    if (this.invariants.hasUnheldSource("first")) await this.removeSource();
    this.program.source = source;
  }

  /** AWS may refuse what the customer does. */
  private async actAsCustomer(action: CustomerAction, nth: number): Promise<void> {
    const requests = this.invariants.requests();
    const { id } = requests[nth % requests.length] ?? {};
    if (id === undefined) return;
    const customer = this.fixture.emulator.customer(CUSTOMER);
    await Promise.resolve(customer[action](id)).catch((error: unknown) => {
      expect(error).toMatchObject({ status: expect.any(Number) });
    });
  }

  private async changeSource(action: OutsideAction): Promise<void> {
    if (this.fixture.sources().length === 0) return;
    if (action === "tag source") {
      await this.fixture.tagSource({ team: "stranger" });
      return;
    }
    const [{ instanceArn = "" } = {}] = this.fixture.sources();
    await this.fixture.deleteSource();
    if (action === "delete source") return;
    // Only its creation time distinguishes the new source from the old one.
    this.fixture.clock.advance("1m");
    await this.fixture.createSource(action === "recreate source" ? instanceArn : FOREIGN_INSTANCE);
  }

  private async removeSource(): Promise<void> {
    await this.fixture.deleteSource();
    this.fixture.clock.advance("1m");
    expect(this.fixture.sources()).toEqual([]);
  }

  private async mustRun(backend: Backend, operation: Operation) {
    const { error, result } = await this.run(backend, operation);
    if (error !== undefined || result === undefined) throw error ?? new Error(`${operation}: no result`);
    return result;
  }

  private async run(backend: Backend, operation: Operation): Promise<Run> {
    this.fixture.clock.advance("2s");
    const before = this.invariants.beforeRun(backend);
    const run = await this.operate(backend, operation);
    this.invariants.afterRun(backend, operation, before, run, this.previewed.get(backend));
    this.previewed.clear();
    if (operation === "preview" && run.result) this.previewed.set(backend, run.result.changes);
    return run;
  }

  private async operate(backend: Backend, operation: Operation): Promise<Run> {
    const stack = this.stacks[backend];
    const planned = stack.pendingFaults();
    const options = operation === "refresh" ? { clearPendingCreates: true } : {};
    const run = await stack[operation](options).then(
      (result) => ({ result, error: undefined }),
      (error: Error) => ({
        result: error instanceof OperationFailedError ? { ...error.result, changes: [] } : undefined,
        error,
      }),
    );
    this.invariants.output.push(String(run.error ?? ""));
    const pending = stack.pendingFaults();
    const injected = planned.filter((fault) => !pending.includes(fault));
    const killed = injected.some((fault) => "kill" in fault && fault.kill === "engine");
    expect(run.error instanceof EngineKilledError).toBe(killed);
    return { ...run, injected, hidesRequests: planned.includes(HIDDEN_REQUESTS) };
  }
}
