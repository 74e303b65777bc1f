import type { z } from "zod";
import type { AwsClients } from "../aws/clients";
import type { CheckFailure } from "./validate";

/** Time as the lifecycle rules see it, so that tests can turn it. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** What the rules of a resource work with, beside inputs and state. */
export interface Context {
  aws: AwsClients;
  clock: Clock;
  /** Shows a line to the person who runs Pulumi. Never secrets. */
  say(line: string): void;
}

export interface Diff {
  /** Properties that are changed in place. */
  updates: string[];
  /** Properties whose change needs a new resource. */
  replaces: string[];
  /** Whether the old one must go before the new one can be made. */
  deleteBeforeReplace?: boolean;
}

/**
 * The life of one kind of resource, as plain functions that know nothing of Pulumi's protocol (`adapter.ts`
 * does). `Inputs` is what the program asks for, `State` what is known of the cloud: it holds the inputs too,
 * since a diff is told the state only.
 */
export interface Lifecycle<Inputs, State> {
  /** The resource class, as messages name it. */
  readonly type: string;
  readonly schema: z.ZodType;
  /**
   * Rules that look at the inputs of the last deployment too, and inputs that we keep ourselves. Any value may
   * be Pulumi's unknown sentinel.
   */
  check?(olds: Inputs | undefined, news: Inputs): { inputs: Inputs; failures: CheckFailure[] };
  /** The inputs that lead to this state. A state that drifted gives other inputs than the program's. */
  inputsOf(state: State): Inputs;
  /** Never touches the network. Any new value may be Pulumi's unknown sentinel, which equals nothing. */
  diff(olds: State, news: Inputs): Diff;
  /** @throws Unfinished when the resource exists but something after its creation failed. */
  create(inputs: Inputs, context: Context): Promise<{ id: string; state: State }>;
  /** What is there now; undefined when it is gone. `olds` is undefined when Pulumi knows no more than the id. */
  read(id: string, olds: State | undefined, context: Context): Promise<State | undefined>;
  /** @throws Unfinished when part of the change was made. */
  update(id: string, olds: State, news: Inputs, context: Context): Promise<State>;
  delete(id: string, olds: State, context: Context): Promise<void>;
}

/** The resource exists, yet is not what was asked for: Pulumi keeps it in the state and tries again next time. */
export class Unfinished extends Error {
  override readonly name = "Unfinished";
  constructor(
    readonly id: string,
    readonly state: object,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
