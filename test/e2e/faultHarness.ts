import { resolve } from "node:path";
import type { Call, Fault } from "../../src/emulator";
import {
  createStack,
  EngineKilledError,
  type OfflineStack,
  OperationFailedError,
  type StepMoment,
} from "../../src/engine";
import type { PropertyMap } from "../../src/engine/values";
import { dynamicType, providerHandle } from "../../src/program/handle";
import { DirectStack } from "./directStack";
import type { Deployment } from "./engines";
import { flawsOf } from "./integrity";
import type { Life } from "./lifecycle";
import { World } from "./world";

export type Change = "create" | "update" | "replace" | "delete";

/** Deleting a request only forgets it, and asks nothing of AWS. */
export const changesOf = ({ deleting }: Pick<Life<unknown>, "deleting">): Change[] => [
  "create",
  "update",
  "replace",
  ...(deleting === "deletes" ? (["delete"] as const) : []),
];

/** A side of a call, the calls of a change being counted from 0. One that AWS answers with an error has no effect. */
export interface Point extends Pick<Call, "phase" | "operation"> {
  call: number;
}

export interface LabOptions {
  env?: Record<string, string>;
  /**
   * What carries out the changes: the offline engine with a provider process, which can be killed, or with an inline one;
   * or its decisions and the provider alone, for a walk of many points. Default: inline.
   */
  by?: "process" | "inline" | "direct";
}

/** Of an operation each answers the errors; a preview answers what it would do as well. */
export interface LabStack {
  up(): Promise<string[]>;
  destroy(): Promise<string[]>;
  refresh(): Promise<string[]>;
  preview(): Promise<string[]>;
  state(): Deployment;
  /** Empties the state. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

class EngineStack implements LabStack {
  constructor(private readonly stack: OfflineStack) {}

  up = () => errorsOf(this.stack.up());
  destroy = () => errorsOf(this.stack.destroy());
  // A create that was cut off stays on record until somebody has looked, as it does with Pulumi's own engine.
  refresh = () => errorsOf(this.stack.refresh({ clearPendingCreates: true }));
  preview = async () => (await this.stack.preview()).steps.map(({ op }) => op).filter((op) => op !== "same");
  state = () => this.stack.exportState().deployment;
  reset = () => this.stack.importState({ version: 3, deployment: { manifest: NOTHING } });
  close = () => this.stack.close();
  killProviders = () => this.stack.killProviders();
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

/** Where one resource is changed again and again, something goes wrong on the way, and the same is tried once more. */
export class Lab<Args> {
  private readonly stack: LabStack;
  private name = "";
  private args: Args;
  private adopting = false;
  /** How many there were before the experiment that AWS cannot delete. */
  private before = 0;
  private experiments = 0;
  /** What becomes of the engine at a moment of the resource's steps. */
  private fate: ((moment: StepMoment) => "kill" | undefined) | undefined;

  private constructor(
    private readonly life: Life<Args>,
    readonly world: World,
    { env, by = "inline" }: LabOptions,
  ) {
    this.args = life.args;
    const addedEnv = { ...world.env, ...env };
    this.stack = by === "direct" ? this.direct(addedEnv) : this.engine(addedEnv, by === "inline");
  }

  private direct(env: Record<string, string>): DirectStack {
    const { declaration } = this.life;
    const type = dynamicType(declaration);
    return new DirectStack(() => {
      const inputs = {
        ...this.args,
        origin: `proj/dev::${this.name}`,
        __provider: providerHandle(declaration),
      };
      return { type, name: this.name, inputs: inputs as PropertyMap };
    }, env);
  }

  private engine(env: Record<string, string>, inlineProvider: boolean): EngineStack {
    const stack = createStack({
      ...{ project: "proj", cwd: resolve(__dirname, "../.."), env, inlineProvider },
      program: () => this.life.declare(this.args, this.name),
      intercept: (moment) => (moment.urn.endsWith(`::${this.name}`) ? this.fate?.(moment) : undefined),
    });
    return new EngineStack(stack);
  }

  static async open<Args>(life: Life<Args>, options: LabOptions = {}): Promise<Lab<Args>> {
    return new Lab(life, await World.open(), options);
  }

  async close(): Promise<void> {
    await this.stack.close();
    await this.world.close();
  }

  /** An empty stack and an empty account, and then whatever the change starts from. */
  async prepare(change: Change): Promise<void> {
    this.world.fault = this.fate = undefined;
    await this.stack.reset();
    if (this.life.deleting === "deletes" && this.life.ids(this.world).length > 0)
      await this.world.deleteSource();
    // A name of its own: AWS remembers the idempotency tokens of all that went before.
    this.name = `it${++this.experiments}`;
    this.args = this.life.args;
    this.adopting = false;
    this.before = (await this.life.there(this.world)).length;
    if (change !== "create") expect(await this.perform("create")).toEqual([]);
  }

  /** The errors of it. */
  async perform(change: Change): Promise<string[]> {
    const { args, updated, replaced } = this.life;
    const asked = { create: args, update: updated, replace: replaced, delete: args }[change];
    this.args = this.adopting ? { ...asked, adopt: true } : asked;
    return change === "delete" ? this.stack.destroy() : this.stack.up();
  }

  /** The points of a run in which nothing goes wrong: both sides of a call, or before it where it has no effect. */
  async pointsOf(change: Change): Promise<Point[]> {
    await this.prepare(change);
    const points: Point[] = [];
    this.world.fault = ({ operation, phase }) => {
      const call = (points.at(-1)?.call ?? -1) + (phase === "before-effect" ? 1 : 0);
      points.push({ call, phase, operation });
      return undefined;
    };
    expect(await this.perform(change)).toEqual([]);
    return points.filter(({ phase, operation }) => phase === "before-effect" || !isRead(operation));
  }

  /**
   * The points at which killing the provider leaves something of its own behind: after each effect. Between two of them it
   * leaves what it leaves after the first, and before all of them what the engine leaves that dies before the step.
   */
  async killPointsOf(change: Change): Promise<Point[]> {
    const points = await this.pointsOf(change);
    const effects = points.filter(({ phase }) => phase === "after-effect");
    return effects.length > 0 ? effects : points.slice(0, 1);
  }

  /** Lets something go wrong at a point of the next change; once. Tells whether it did. */
  arm(point: Point, harm: () => Fault | Promise<Fault>): () => boolean {
    let seen = -1;
    let struck = false;
    this.world.fault = ({ phase }) => {
      if (phase === "before-effect") seen++;
      if (struck || seen !== point.call || phase !== point.phase) return undefined;
      struck = true;
      return harm();
    };
    return () => struck;
  }

  /** Kills the provider process, whose call never gets an answer. */
  async kill(): Promise<Fault> {
    if (!(this.stack instanceof EngineStack)) throw new Error("there is no process to kill");
    await this.stack.killProviders();
    return { drop: true };
  }

  /** The ids that the stack has of it; not of one that it has deleted and is to make anew. */
  private known(): string[] {
    const { resources = [] } = this.stack.state();
    return resources
      .filter(({ urn, pendingReplacement }) => urn.endsWith(`::${this.name}`) && !pendingReplacement)
      .flatMap(({ id }) => id ?? []);
  }

  /** What AWS made, and told, is in the stack, even though the change failed. */
  expectNothingLost(): void {
    expect(this.known()).toEqual(
      expect.arrayContaining(this.life.ids(this.world).slice(this.before).slice(-1)),
    );
  }

  /** The moments of a change at which the engine can die. */
  async momentsOf(change: Change): Promise<StepMoment[]> {
    await this.prepare(change);
    const moments: StepMoment[] = [];
    this.fate = (moment) => void moments.push(moment);
    expect(await this.perform(change)).toEqual([]);
    return moments;
  }

  /** Makes the change with an engine that dies at a moment of it. */
  async performAndDie(change: Change, { phase: moment, op }: StepMoment): Promise<void> {
    this.fate = (now) => (now.phase === moment && now.op === op ? "kill" : undefined);
    await expect(this.perform(change)).rejects.toThrow(EngineKilledError);
  }

  /**
   * Tries the change again, and checks that it is done: the stack and AWS agree, nothing is lost, and nothing is there
   * twice but the requests whose answers were lost.
   */
  async recover(change: Change, lostAnswers: number): Promise<void> {
    this.world.fault = this.fate = undefined;
    await this.performAgain(change);
    const there = (await this.life.there(this.world)).slice(this.before);
    const ids = this.life.ids(this.world).slice(this.before);
    if (change === "delete") {
      expect(this.known()).toEqual([]);
      expect(there).toEqual(this.life.deleting === "deletes" ? [] : [this.life.wanted(this.life.args)]);
      return;
    }
    expect(this.known()).toEqual(ids.slice(-1));
    expect(there.at(-1)).toEqual(this.life.wanted(this.args));
    const asked = this.life.deleting === "deletes" || change !== "replace" ? 1 : 2;
    expect(there.length).toBeGreaterThanOrEqual(asked);
    expect(there.length).toBeLessThanOrEqual(asked + lostAnswers);

    expect(await this.stack.refresh()).toEqual([]);
    expect(flawsOf(this.stack.state())).toEqual([]);
    expect(await this.stack.preview()).toEqual([]);
  }

  /**
   * A death between the owner's id and its record leaves a source that no state owns for sure: the next run stops, and
   * goes on once a person says that it is theirs.
   */
  private async performAgain(change: Change): Promise<void> {
    const isOrphan = this.world.ownershipIds().some((id) => !this.ownershipIds().includes(id));
    if (!isOrphan || change === "delete") return expect(await this.perform(change)).toEqual([]);
    expect(await this.perform(change)).toEqual([expect.stringContaining("adopt: true")]);
    this.adopting = true;
    expect(await this.perform(change)).toEqual([]);
  }

  private ownershipIds(): unknown[] {
    const { resources = [] } = this.stack.state();
    return resources.map(({ outputs }) => outputs?.["ownershipId"]);
  }

  /** What the stack has of it, but for what is new with every run. */
  recorded() {
    const it = this.stack.state().resources?.find(({ urn }) => urn.endsWith(`::${this.name}`));
    const { type, inputs, custom } = it ?? {};
    return { type, inputs, custom, outputs: Object.keys(it?.outputs ?? {}).sort() };
  }
}
