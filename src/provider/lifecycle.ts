import type { AwsClients } from "../aws/clients";
import type { Clock } from "../clock";
import type { ResourceDeclaration } from "../declaration/properties";
import type { CheckFailure } from "../declaration/validate";
import type { Diff } from "./diff";
import type { TagSettings } from "./tags";

/** What a lifecycle needs besides inputs and state. */
export interface Context {
  aws: AwsClients;
  clock: Clock;
  tags: TagSettings;
  /** Shows a line to the person who runs Pulumi. It must not contain secrets. */
  log(line: string): void;
  /** Like `log`, but only the first line of each subject in a run. */
  logOnce(subject: string, line: string): void;
}

/** The part that every request has. */
export interface Request {
  /** The resource's name in the stack, for messages. */
  name: string;
  /** `[organization/]project/stack[/PARENTS]::name`: where the resource comes from, as unique as its URN. */
  origin: string;
  /** How long to wait for AWS, in milliseconds. */
  timeouts: { create: number; delete: number };
  context: Context;
}

export interface CheckRequest<Inputs> {
  /** The inputs of the last deployment; undefined for a new resource. */
  olds: Inputs | undefined;
  /** Already valid by the declaration. Any value may be {@link UNKNOWN}. */
  inputs: Inputs;
}

export interface DiffRequest<Inputs, State> {
  /**
   * The inputs that correspond to the state: after drift, not those of the last deployment. Computed arguments that the
   * program left out and still leaves out are missing.
   */
  olds: Inputs;
  state: State;
  /** Any value may be {@link UNKNOWN}. */
  inputs: Inputs;
}

/** A change that a diff has found. */
export interface AskRequest<Inputs, State> extends DiffRequest<Inputs, State>, Diff {
  /** The arguments that contain a secret, which no line may repeat. */
  secrets: readonly string[];
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
 * The operations of a resource, as plain functions that know nothing of Pulumi's protocols; those are left to the fronts.
 * `Inputs` are the program's arguments. `State` is what the stack keeps: the inputs, and the outputs last read from AWS.
 */
export interface Lifecycle<Inputs extends object, State extends Inputs> {
  readonly declaration: ResourceDeclaration;
  /** Rules beyond the declared bounds, and inputs that are set by us. */
  check?(request: CheckRequest<Inputs>): {
    inputs: Inputs;
    failures: CheckFailure[];
    /** What is allowed and not advisable, for the person who runs Pulumi. */
    warnings?: string[];
  };
  /** Never touches the network. */
  diff(request: DiffRequest<Inputs, State>): Diff & {
    /** Whether a replacement must delete the old resource before it creates the new one. */
    deleteBeforeReplace?: boolean;
    /** What the person who runs Pulumi should know before the change, or in its place. */
    notes?: string[];
  };
  /** Whom a change asks and why, in a line for the person who runs Pulumi. Missing when no change asks anybody. */
  asks?(request: AskRequest<Inputs, State>): string[];
  /** @throws InitializationError when the resource exists but something after its creation failed. */
  create(request: CreateRequest<Inputs>): Promise<{ id: string; state: State }>;
  /** The current state; undefined when the resource no longer exists. */
  read(request: ReadRequest<State>): Promise<State | undefined>;
  /** @throws InitializationError when part of the change was applied. */
  update(request: UpdateRequest<Inputs, State>): Promise<State>;
  delete(request: DeleteRequest<State>): Promise<void>;
  /** Reads a resource by its id alone; undefined when it does not exist. */
  import(request: ImportRequest): Promise<State | undefined>;
}

/** The resource exists but could not be brought to the requested state. Pulumi keeps it, and updates it in the next run. */
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
