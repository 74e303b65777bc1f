// Makes one resource fail in the middle of a change, again and again, and checks that the next run recovers. The crash
// tests kill the provider or the engine with it; the fault tests drop AWS's answers, delay them or make them errors.

import { resolve } from "node:path";
import type { Call, Fault } from "../../src/emulator";
import {
  createStack,
  EngineKilledError,
  type OfflineStack,
  OperationFailedError,
  type StepPhase,
} from "../../src/engine";
import type { PropertyMap } from "../../src/engine/values";
import { dynamicType, providerHandle } from "../../src/program/handle";
import { AwsFixture } from "./awsFixture";
import { DirectStack } from "./directStack";
import type { Deployment } from "./engines";
import { integrityErrors } from "./integrity";
import type { Scenario, Variant } from "./scenario";

export type Change = "create" | "update" | "replace" | "delete";

/** The changes that call AWS: deleting a request does not. */
export const changesOf = ({ deletion, replacement }: Scenario): Change[] => [
  "create",
  "update",
  ...(replacement ? (["replace"] as const) : []),
  ...(deletion === "deletes" ? (["delete"] as const) : []),
];

/** Before or after the effect of a call of a change; the calls are counted from 0. */
export interface CallPoint extends Pick<Call, "phase" | "operation"> {
  call: number;
}

export interface FaultHarnessOptions {
  env?: Record<string, string>;
  /**
   * `process`: the offline engine with a provider process, which can be killed. `inline`: the offline engine with the
   * provider in this process (the default). `direct`: {@link DirectStack}, which is fast enough for many points.
   */
  by?: "process" | "inline" | "direct";
}

/** The operations resolve to their errors; a preview also to the steps that it plans. */
export interface HarnessStack {
  up(): Promise<string[]>;
  destroy(): Promise<string[]>;
  refresh(): Promise<string[]>;
  preview(): Promise<string[]>;
  state(): Deployment;
  /** Empties the state. */
  reset(): Promise<void>;
  killProvider(): Promise<void>;
  close(): Promise<void>;
}

class EngineStack implements HarnessStack {
  constructor(private readonly stack: OfflineStack) {}

  up = () => errorsOf(this.stack.up());
  destroy = () => errorsOf(this.stack.destroy());
  // The engine keeps an interrupted create as pending until the user clears it, as Pulumi's own engine does.
  refresh = () => errorsOf(this.stack.refresh({ clearPendingCreates: true }));
  preview = async () => (await this.stack.preview()).steps.map(({ op }) => op).filter((op) => op !== "same");
  state = () => this.stack.exportState().deployment;
  reset = () => this.stack.importState({ version: 3, deployment: { manifest: NOTHING } });
  close = () => this.stack.close();
  killProvider = () => this.stack.killProviders();
}

const NOTHING = { time: "", magic: "", version: "" };

async function errorsOf(operation: Promise<unknown>): Promise<string[]> {
  const failure = await operation.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure === undefined) return [];
  if (!(failure instanceof OperationFailedError)) throw failure;
  return failure.result.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message);
}

const isRead = (operation: string) => /^(Get|List)/.test(operation);

export class FaultHarness {
  private readonly stack: HarnessStack;
  private name = "";
  private current: Variant;
  private extraInputs: { adopt?: true } = {};
  private attempts = 0;
  /** Whether the SDK repeats a call whose answer was lost: to approvers who agree at once, it is a new one. */
  private readonly retriesCalls: boolean;
  /** Called in every phase of the resource's steps; `kill` ends the engine there. */
  private onStep: ((moment: StepPhase) => "kill" | undefined) | undefined;

  private constructor(
    private readonly scenario: Scenario,
    readonly fixture: AwsFixture,
    { env, by = "inline" }: FaultHarnessOptions,
  ) {
    this.current = scenario.initial;
    this.retriesCalls = Number(env?.["AWS_MAX_ATTEMPTS"]) > 1;
    const addedEnv = { ...fixture.env, ...env };
    this.stack = by === "direct" ? this.direct(addedEnv) : this.engine(addedEnv, by === "inline");
  }

  private direct(env: Record<string, string>): DirectStack {
    const { declaration } = this.scenario;
    const type = dynamicType(declaration);
    return new DirectStack(() => {
      const inputs = {
        ...this.current.inputs,
        ...this.extraInputs,
        origin: `proj/dev::${this.name}`,
        __provider: providerHandle(declaration),
      };
      return { type, name: this.name, inputs: inputs as PropertyMap };
    }, env);
  }

  private engine(env: Record<string, string>, inlineProvider: boolean): EngineStack {
    const stack = createStack({
      ...{ project: "proj", cwd: resolve(__dirname, "../.."), env, inlineProvider },
      program: () => this.current.declare(this.name, this.extraInputs),
      intercept: (moment) => (moment.urn.endsWith(`::${this.name}`) ? this.onStep?.(moment) : undefined),
    });
    return new EngineStack(stack);
  }

  static async open(scenario: Scenario, options: FaultHarnessOptions = {}): Promise<FaultHarness> {
    return new FaultHarness(scenario, await AwsFixture.open(), options);
  }

  async close(): Promise<void> {
    await this.stack.close();
    await this.fixture.close();
  }

  /** Empties the stack and the account, then creates what the change needs. */
  async prepare(change: Change): Promise<void> {
    this.fixture.fault = this.onStep = undefined;
    await this.stack.reset();
    this.fixture.deleteAll();
    await this.scenario.arrange?.(this.fixture);
    // A new name, because AWS remembers the idempotency tokens of the earlier attempts.
    this.name = `it${++this.attempts}`;
    this.extraInputs = {};
    if (change !== "create") expect(await this.perform("create")).toEqual([]);
  }

  /** Makes the change; resolves to its errors. */
  async perform(change: Change): Promise<string[]> {
    const { initial, updated, replacement } = this.scenario;
    const replaced = replacement?.variant ?? updated;
    this.current = { create: initial, update: updated, replace: replaced, delete: initial }[change];
    return change === "delete" ? this.stack.destroy() : this.stack.up();
  }

  /** The points of a change without faults: before each call, and after each call that is not a read. */
  async callPointsOf(change: Change): Promise<CallPoint[]> {
    await this.prepare(change);
    const points: CallPoint[] = [];
    this.fixture.fault = ({ operation, phase }) => {
      const call = (points.at(-1)?.call ?? -1) + (phase === "before-effect" ? 1 : 0);
      points.push({ call, phase, operation });
      return undefined;
    };
    expect(await this.perform(change)).toEqual([]);
    return points.filter(({ phase, operation }) => phase === "before-effect" || !isRead(operation));
  }

  /**
   * The points at which killing the provider leaves different results: after each effect. A kill between two effects
   * leaves the same as one after the first of them, and a kill before all effects the same as a kill of the engine before
   * the step.
   */
  async killPointsOf(change: Change): Promise<CallPoint[]> {
    const points = await this.callPointsOf(change);
    const effects = points.filter(({ phase }) => phase === "after-effect");
    return effects.length > 0 ? effects : points.slice(0, 1);
  }

  /** Injects a fault at a point of the next change, once. Returns a function that tells whether it was injected. */
  injectAt(point: CallPoint, fault: () => Fault | Promise<Fault>, afterwards?: Fault): () => boolean {
    let call = -1;
    let injected = false;
    this.fixture.fault = ({ phase }) => {
      if (injected) return afterwards;
      if (phase === "before-effect") call++;
      if (call !== point.call || phase !== point.phase) return undefined;
      injected = true;
      return fault();
    };
    return () => injected;
  }

  /** Kills the provider at a point of the next change. No call of it reaches AWS then, also where its code goes on. */
  killProviderAt(point: CallPoint): () => boolean {
    const lost: Fault = { drop: true };
    const kill = async () => {
      await this.stack.killProvider();
      return lost;
    };
    return this.injectAt(point, kill, lost);
  }

  /** The resource's ids in the state, without one that was deleted and is to be replaced. */
  private recordedIds(): string[] {
    const { resources = [] } = this.stack.state();
    return resources
      .filter(({ urn, pendingReplacement }) => urn.endsWith(`::${this.name}`) && !pendingReplacement)
      .flatMap(({ id }) => id ?? []);
  }

  /** The state has what AWS created and answered, even though the change failed. */
  expectNothingLost(): void {
    const created = this.scenario.remoteIds(this.fixture);
    expect(this.recordedIds()).toEqual(expect.arrayContaining(created.slice(-1)));
  }

  /** The phases of a change's steps, in each of which the engine can be killed. */
  async stepPhasesOf(change: Change): Promise<StepPhase[]> {
    await this.prepare(change);
    const moments: StepPhase[] = [];
    this.onStep = (moment) => void moments.push(moment);
    expect(await this.perform(change)).toEqual([]);
    return moments;
  }

  async performAndKillEngine(change: Change, at: StepPhase): Promise<void> {
    this.onStep = ({ phase, op }) => (phase === at.phase && op === at.op ? "kill" : undefined);
    await expect(this.perform(change)).rejects.toThrow(EngineKilledError);
  }

  /**
   * Makes the change again, and checks that it is complete: the state and AWS agree, nothing is lost, and the only
   * duplicates are requests whose answers were lost.
   */
  async recover(change: Change, lostAnswers: number): Promise<void> {
    this.fixture.fault = this.onStep = undefined;
    await this.performAgain(change);
    const { deletion, initial, asksToCreate } = this.scenario;
    // People are asked once about a creation, or once about an update or a deletion.
    const mayAsk = asksToCreate ? (change === "replace" ? 2 : 1) : change === "create" ? 0 : 1;
    if (!this.retriesCalls) expect(this.fixture.emulator.store.sessions.size).toBeLessThanOrEqual(mayAsk);
    const remote = await this.scenario.findAll(this.fixture);
    const ids = this.scenario.remoteIds(this.fixture);
    if (change === "delete") {
      expect(this.recordedIds()).toEqual([]);
      expect(remote).toEqual(deletion === "deletes" ? [] : [initial.expected]);
      return;
    }
    expect(this.recordedIds()).toEqual(ids.slice(-1));
    expect(remote.at(-1)).toEqual(this.current.expected);
    const required = deletion === "deletes" || change !== "replace" ? 1 : 2;
    expect(remote.length).toBeGreaterThanOrEqual(required);
    expect(remote.length).toBeLessThanOrEqual(required + lostAnswers);

    expect(await this.stack.refresh()).toEqual([]);
    expect(integrityErrors(this.stack.state())).toEqual([]);
    expect(await this.stack.preview()).toEqual([]);
  }

  /**
   * A crash after AWS has the owner tag and before the state has the owner id leaves a source whose owner cannot be
   * proven. The next run then stops, and continues once the user declares `adopt: true`.
   */
  private async performAgain(change: Change): Promise<void> {
    const isOrphan = this.fixture.ownershipIds().some((id) => !this.recordedOwnershipIds().includes(id));
    if (!isOrphan || change === "delete") return expect(await this.perform(change)).toEqual([]);
    expect(await this.perform(change)).toEqual([expect.stringContaining("adopt: true")]);
    this.extraInputs = { adopt: true };
    expect(await this.perform(change)).toEqual([]);
  }

  private recordedOwnershipIds(): unknown[] {
    const { resources = [] } = this.stack.state();
    return resources.map(({ outputs }) => outputs?.["ownershipId"]);
  }

  /** The resource in the state, without the values that differ in every run. */
  recordedResource() {
    const resource = this.stack.state().resources?.find(({ urn }) => urn.endsWith(`::${this.name}`));
    const { type, inputs, custom } = resource ?? {};
    return { type, inputs, custom, outputs: Object.keys(resource?.outputs ?? {}).sort() };
  }
}
