// Drives a stack through a sequence of random events, and checks the invariants after every operation. At the end, when
// no more faults are injected, the stack must converge to the program, and a destroy must remove everything.

import { EngineKilledError, OperationFailedError, type TestStack, testStack } from "../../src/testing";
import { AwsFixture, CUSTOMER, PARTNER, SECRET_KEY } from "./awsFixture";
import type { CustomerAction, Event, Operation, OutsideAction } from "./events";
import { openInbox } from "./inbox";
import { FOREIGN_INSTANCE, RandomInvariants, type Run } from "./randomInvariants";
import { RandomProgram } from "./randomProgram";

export class RandomScenario {
  /** The changes that a preview has shown, while they are still up to date. */
  private previewed: string[] | undefined;

  private constructor(
    private readonly fixture: AwsFixture,
    private readonly inbox: Awaited<ReturnType<typeof openInbox>>,
    private readonly stack: TestStack,
    private readonly program: RandomProgram,
    private readonly invariants: RandomInvariants,
  ) {}

  static async open(): Promise<RandomScenario> {
    const program = new RandomProgram();
    let onOutput = (_: string) => {};
    const fixture = await AwsFixture.open({ log: (text) => onOutput(text) });
    const inbox = await openInbox(fixture.emulator.endpoint, PARTNER);
    const stack = await testStack<unknown>({
      emulator: fixture.emulator,
      // One attempt, or the SDK's retries would hide most of the faults.
      env: { AWS_SECRET_ACCESS_KEY: SECRET_KEY, AWS_MAX_ATTEMPTS: "1" },
      program: () => program.declare(),
      onOutput: (text) => onOutput(text),
    });
    const invariants = new RandomInvariants(fixture, stack, program);
    onOutput = (text) => void invariants.output.push(text);
    return new RandomScenario(fixture, inbox, stack, program, invariants);
  }

  async close(): Promise<void> {
    await this.inbox.close();
    await this.stack.close();
    await this.fixture.close();
  }

  /** Starts a new sequence of events: the program is empty, and so are the stack and the account. */
  begin(): void {
    this.program.reset();
    this.invariants.reset();
    this.previewed = undefined;
  }

  async apply(event: Event): Promise<void> {
    if (event.kind !== "run") this.previewed = undefined;
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
      case "customer":
        await this.actAsCustomer(event.action, event.nth);
        break;
      case "time":
        this.fixture.clock.advance(event.passes);
        break;
      case "outside":
        await this.changeSource(event.action);
        break;
      case "run":
        // Faults hit only the stack's own calls, and not those of customers and others.
        for (const fault of event.faults)
          this.stack.injectFaults("operation" in fault ? { ...fault, account: PARTNER } : fault);
        await this.run(event.operation);
        this.stack.clearFaults();
        break;
    }
  }

  /** Without more faults: refresh and up bring about what the program declares, and destroy removes it. */
  async finish(): Promise<void> {
    this.previewed = undefined;
    await this.mustRun("refresh");
    if (this.isSourceUnowned()) await this.expectSourceConflict();
    await this.expectUpToConverge();
    this.invariants.expectStateIntact();
    await this.invariants.expectNoSecretShown(this.inbox.queueUrl);

    // After this time requests that nobody has claimed have lapsed.
    this.fixture.clock.advance("25h");
    await this.changeSource("replace source");
    await this.mustRun("refresh");
    if (this.program.source) await this.expectSourceConflict();
    await this.expectUpToConverge();

    await this.changeSource("replace source");
    await this.mustRun("destroy");
    expect(this.stack.resources()).toEqual([]);
    expect(this.fixture.sources()).toHaveLength(this.program.source ? 1 : 0);
    if (this.program.source) await this.removeSource();
  }

  /**
   * Whether AWS has a source that the stack may not take over: of somebody else, or with an owner tag whose id a crash
   * kept out of the state.
   */
  private isSourceUnowned(): boolean {
    const [remote] = this.fixture.sources();
    const isTagged = this.fixture.ownershipIds().length > 0;
    return (
      remote !== undefined &&
      this.invariants.recordedSource() === undefined &&
      (isTagged || remote.instanceArn !== this.program.instanceArn)
    );
  }

  private async expectUpToConverge(): Promise<void> {
    await this.mustRun("up");
    expect((await this.mustRun("preview")).changes).toEqual([]);
    this.invariants.expectConverged();
  }

  /** An account has one identity source at most: an up reports one that it does not own, and leaves it alone. */
  private async expectSourceConflict(): Promise<void> {
    const { error } = await this.run("up");
    expect(error?.message ?? "").toMatch(this.program.source ? /has an identity source already/ : /^$/);
    expect(this.fixture.sources()).toHaveLength(1);
    await this.removeSource();
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
    await this.removeSource();
    if (action === "replace source") {
      // Only its creation time distinguishes the new source from the old one.
      this.fixture.clock.advance("1m");
      await this.fixture.createSource(FOREIGN_INSTANCE);
      this.invariants.hasForeignSource = true;
    }
  }

  private async removeSource(): Promise<void> {
    await this.fixture.deleteSource();
    this.invariants.hasForeignSource = false;
  }

  private async mustRun(operation: Operation) {
    const { error, result } = await this.run(operation);
    if (error !== undefined || result === undefined) throw error ?? new Error(`${operation}: no result`);
    return result;
  }

  private async run(operation: Operation): Promise<Run> {
    this.fixture.clock.advance("2s");
    const before = this.invariants.beforeRun();
    const run = await this.operate(operation);
    this.invariants.afterRun(operation, before, run, this.previewed);
    this.previewed = operation === "preview" && run.error === undefined ? run.result?.changes : undefined;
    return run;
  }

  private async operate(operation: Operation): Promise<Run> {
    const planned = this.stack.pendingFaults();
    const options = operation === "refresh" ? { clearPendingCreates: true } : {};
    const run = await this.stack[operation](options).then(
      (result) => ({ result, error: undefined }),
      (error: Error) => ({
        result: error instanceof OperationFailedError ? { ...error.result, changes: [] } : undefined,
        error,
      }),
    );
    this.invariants.output.push(String(run.error ?? ""));
    const pending = this.stack.pendingFaults();
    const injected = planned.filter((fault) => !pending.includes(fault));
    const killed = injected.some((fault) => "kill" in fault && fault.kill === "engine");
    expect(run.error instanceof EngineKilledError).toBe(killed);
    return { ...run, injected };
  }
}
