import { resolve } from "node:path";
import type { Call, Fault } from "../../src/testing/emulator";
import {
  createStack,
  EngineKilledError,
  type OfflineStack,
  OperationFailedError,
  type StepMoment,
} from "../../src/testing/engine";
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
  /** Default: true. What is to be killed during a call needs a process of its own. */
  inlineProvider?: boolean;
}

const isRead = (operation: string) => /^(Get|List)/.test(operation);

/** Where one resource is changed again and again, something goes wrong on the way, and the same is tried once more. */
export class Lab<Args> {
  private readonly stack: OfflineStack;
  private name = "";
  private args: Args;
  /** How many there were before the experiment that AWS cannot delete. */
  private before = 0;
  private experiments = 0;
  /** What becomes of the engine at a moment of the resource's steps. */
  private fate: ((moment: StepMoment) => "kill" | undefined) | undefined;

  private constructor(
    private readonly life: Life<Args>,
    readonly world: World,
    { env, inlineProvider = true }: LabOptions,
  ) {
    this.args = life.args;
    this.stack = createStack({
      ...{ project: "proj", cwd: resolve(__dirname, "../.."), inlineProvider },
      env: { ...world.env, ...env },
      program: () => life.declare(this.args, this.name),
      intercept: (moment) => (moment.urn.endsWith(`::${this.name}`) ? this.fate?.(moment) : undefined),
    });
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
    const manifest = { time: "", magic: "", version: "" };
    await this.stack.importState({ version: 3, deployment: { manifest } });
    if (this.life.deleting === "deletes" && this.life.ids(this.world).length > 0)
      await this.world.deleteSource();
    // A name of its own: AWS remembers the idempotency tokens of all that went before.
    this.name = `it${++this.experiments}`;
    this.args = this.life.args;
    this.before = (await this.life.there(this.world)).length;
    if (change !== "create") expect(await this.perform("create")).toEqual([]);
  }

  /** The errors of it. */
  async perform(change: Change): Promise<string[]> {
    const { args, updated, replaced } = this.life;
    this.args = { create: args, update: updated, replace: replaced, delete: args }[change];
    return this.run(() => (change === "delete" ? this.stack.destroy() : this.stack.up()));
  }

  private async run(operate: () => Promise<unknown>): Promise<string[]> {
    const failure = await operate().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) return [];
    if (!(failure instanceof OperationFailedError)) throw failure;
    return failure.result.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => message);
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
   * The points at which killing the provider leaves something of its own behind: before anything has an effect, and after
   * each effect. Between two effects a kill leaves what it leaves after the first.
   */
  async killPointsOf(change: Change): Promise<Point[]> {
    const points = await this.pointsOf(change);
    return points.filter(({ phase }, index) => index === 0 || phase === "after-effect");
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
    await this.stack.killProviders();
    return { drop: true };
  }

  /** The ids that the stack has of it; not of one that it has deleted and is to make anew. */
  private known(): string[] {
    const { resources = [] } = this.stack.exportState().deployment;
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
  async performAndDie(change: Change, { moment, op }: StepMoment): Promise<void> {
    this.fate = (now) => (now.moment === moment && now.op === op ? "kill" : undefined);
    await expect(this.perform(change)).rejects.toThrow(EngineKilledError);
  }

  /**
   * Tries the change again, and checks that it is done: the stack and AWS agree, nothing is lost, and nothing is there
   * twice but the requests whose answers were lost.
   */
  async recover(change: Change, lostAnswers: number): Promise<void> {
    this.world.fault = this.fate = undefined;
    expect(await this.perform(change)).toEqual([]);
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

    // A create that was cut off stays on record until somebody has looked, as it does with Pulumi's own engine.
    expect(await this.run(() => this.stack.refresh({ clearPendingCreates: true }))).toEqual([]);
    expect(flawsOf(this.stack.exportState().deployment)).toEqual([]);
    const { summary } = await this.stack.preview();
    expect(summary).toEqual({ same: 2 });
  }
}
