import type { ChildProcess } from "node:child_process";
import type { Diagnostic } from "./deployment";
import type { OperationKind } from "./display";
import type { Program, ProjectFolder } from "./program";
import type { StandIn } from "./standIn";
import type { Op, StepPhase } from "./stepExecutor";

export interface StackOptions {
  /** Default: the name in the folder's Pulumi.yaml, or `project`. */
  project?: string;
  /** Default: `dev`. */
  stack?: string;
  /** Default: `organization`, as in Pulumi's file backend. */
  organization?: string;
  /** A function whose result are the stack's outputs, or a project on disk, which runs as a process of its own. */
  program: Program | ProjectFolder;
  /** Keys without a namespace belong to the project. */
  config?: Record<string, string | { value: string; secret: true }>;
  /**
   * Whether the provider runs in this process, as an inline program does, and not in one of its own: that saves the second
   * that starting one takes. What it is doing when it is killed, or the engine is, goes on, unheard. Default: false.
   */
  inlineProvider?: boolean;
  /** Where the state is kept. Default: a temporary file that `close()` removes. */
  stateFile?: string;
  /** What secrets in the state are encrypted with. Default: PULUMI_CONFIG_PASSPHRASE, or one made up for a temporary file. */
  passphrase?: string;
  /**
   * Added to this process's environment for the provider and for a project folder's program, and, while it runs, for
   * an inline one.
   */
  env?: Record<string, string>;
  /** The provider's working directory, where its text's `require` starts. Default: the program's folder, or this process's. */
  cwd?: string;
  /** How many steps may run at a time. Default: four for each processor, as Pulumi has it. */
  parallel?: number;
  /** Receives what the Pulumi CLI would print, as it happens. */
  onOutput?: (text: string) => void;
  /** Default: whether standard output is a terminal. */
  colour?: boolean;
  /** Resource types that are played in this process, because their plugin isn't there. */
  standIns?: StandIn[];
  /** Sees every provider process. */
  onProviderStart?: (child: ChildProcess) => void;
  /**
   * Sees the moments of every step that creates, updates, deletes or reads (not those of a preview or a refresh), and
   * may end the operation there, as SIGKILL would end the engine and the providers with it: it then fails with an
   * EngineKilledError.
   */
  intercept?: (stepPhase: StepPhase) => "kill" | undefined;
}

export interface OperationOptions {
  /** Print what changes property by property. */
  diff?: boolean;
  /** Refresh first. */
  refresh?: boolean;
}

export interface RefreshOperationOptions extends Pick<OperationOptions, "diff"> {
  /** Forget operations of which nobody knows whether they created something. */
  clearPendingCreates?: boolean;
}

/** One thing done, or in a preview to do, with one resource. */
export interface Step {
  op: Op;
  urn: string;
  type: string;
  id?: string;
  /** The inputs that differ, as far as the engine sees. */
  diffKeys: string[];
  /** The properties that ask for a replacement. */
  replaceKeys: string[];
  failed: boolean;
}

export interface Output {
  value: unknown;
  secret: boolean;
}

export interface OperationResult {
  /** How many resources each of Pulumi's operations was done to; default providers, which Pulumi hides, left out. */
  summary: Partial<Record<Op, number>>;
  steps: Step[];
  diagnostics: Diagnostic[];
  outputs: Record<string, Output>;
}

/** An operation failed. Its message is the errors, one after the other; `result` is what was done until then. */
export class OperationFailedError extends Error {
  override readonly name = "OperationFailedError";

  constructor(
    kind: OperationKind,
    readonly result: OperationResult,
  ) {
    const errors = result.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => message);
    super(`${kind} failed: ${errors.join("\n")}`);
  }
}
