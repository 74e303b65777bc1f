import type { AwsClients } from "../aws/clients";
import type { Diff } from "./diff";
import type { ResourceDeclaration } from "./properties";
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
  log(line: string): void;
  /** Shows the first line of a subject in a run, and none that follow. */
  logOnce(subject: string, line: string): void;
}

/** What every call of a lifecycle is told. */
export interface Request {
  /** The resource's name in the stack, for messages. */
  name: string;
  /** `organization/project/stack/PARENTS::name`: where the resource comes from, as unique as its URN. */
  origin: string;
  /** How long to wait for AWS, in milliseconds. */
  timeouts: { create: number; delete: number };
  context: Context;
}

export interface CheckRequest<Inputs> {
  /** The inputs of the last deployment; undefined for a new resource. */
  olds: Inputs | undefined;
  /** Within the declared bounds. Any value may be {@link UNKNOWN}. */
  inputs: Inputs;
}

export interface DiffRequest<Inputs, State> {
  /**
   * The inputs that led to the state, without those that the program left out and that it leaves out still. A state that
   * drifted gives other inputs than the program's.
   */
  olds: Inputs;
  state: State;
  /** Any value may be {@link UNKNOWN}. */
  inputs: Inputs;
}

export interface CreateRequest<Inputs> extends Request {
  inputs: Inputs;
}

export interface ReadRequest<State> extends Request {
  id: string;
  state: State;
}

export interface UpdateRequest<Inputs, State> extends ReadRequest<State> {
  inputs: Inputs;
}

export type DeleteRequest<State> = ReadRequest<State>;

export interface ImportRequest extends Request {
  id: string;
}

/**
 * What is done with one kind of resource, as plain functions that know nothing of Pulumi's protocols: the fronts do.
 * `Inputs` is what the program asks for, `State` what is known of the cloud and holds the inputs too.
 */
export interface Lifecycle<Inputs extends object, State extends Inputs> {
  readonly declaration: ResourceDeclaration;
  /** Rules that look at the inputs of the last deployment too, and inputs that we keep ourselves. */
  check?(request: CheckRequest<Inputs>): { inputs: Inputs; failures: CheckFailure[] };
  /** Never touches the network. */
  diff(request: DiffRequest<Inputs, State>): Diff & {
    /** Whether the old one must go before the new one can be made. */
    deleteBeforeReplace?: boolean;
  };
  /** @throws InitializationError when the resource exists but something after its creation failed. */
  create(request: CreateRequest<Inputs>): Promise<{ id: string; state: State }>;
  /** What is there now; undefined when it is gone. */
  read(request: ReadRequest<State>): Promise<State | undefined>;
  /** @throws InitializationError when part of the change was made. */
  update(request: UpdateRequest<Inputs, State>): Promise<State>;
  delete(request: DeleteRequest<State>): Promise<void>;
  /** A resource of which Pulumi knows no more than the id; undefined when there is none. */
  import(request: ImportRequest): Promise<State | undefined>;
}

/** The resource exists, yet is not what was asked for: Pulumi keeps it in the state and tries again next time. */
export class InitializationError extends Error {
  override readonly name = "InitializationError";
  constructor(
    readonly id: string,
    readonly state: object,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
