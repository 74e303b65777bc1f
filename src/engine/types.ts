import type { ChildProcess } from "node:child_process";
import type { Diagnostic } from "./deployment";
import type { OperationKind } from "./display";
import type { Program, ProjectFolder } from "./program";
import type { GivenConfig } from "./stackConfig";
import type { StandIn } from "./standIn";
import type { Op, StepPhase } from "./stepExecutor";

/** Options of {@link createStack}. */
export interface StackOptions {
  /** Of an inline program; a folder's Pulumi.yaml names its project. Default: `project`. */
  project?: string;
  /** Default: `dev`. */
  stack?: string;
  /** Default: `organization`, as in Pulumi's file backend. */
  organization?: string;
  /** An inline function whose result is the stack's outputs, or a project on disk, which runs in its own process. */
  program: Program | ProjectFolder;
  /**
   * A key without a namespace gets the project's name as its namespace. Comes before a folder's Pulumi.<stack>.yaml, and that
   * before its Pulumi.yaml. Objects and arrays are JSON.
   */
  config?: GivenConfig;
  /**
   * Run the dynamic provider in this process instead of a separate one, which saves about a second of start-up time.
   * Code in this process cannot be killed: a call that is running when the provider or the engine is "killed" continues,
   * and its result is ignored. Default: false.
   */
  inlineProvider?: boolean;
  /** The path of the state file. Default: a temporary file that `close()` removes. */
  stateFile?: string;
  /** Encrypts the secrets in the state. Default: PULUMI_CONFIG_PASSPHRASE, or a random one for a temporary state file. */
  passphrase?: string;
  /**
   * Environment variables for the provider and the program, in addition to this process's own. An inline program sees
   * them in `process.env` while it runs.
   */
  env?: Record<string, string>;
  /** The provider's working directory, from which its `require` resolves. Default: the folder of a project's program, or this process's. */
  cwd?: string;
  /** The maximum number of concurrent steps. Default: four per processor, as in Pulumi. */
  parallel?: number;
  /** Receives the text that the Pulumi CLI would print, as it is produced. */
  onOutput?: (text: string) => void;
  /** Default: whether standard output is a terminal. */
  colour?: boolean;
  /** In-process providers for resource types whose plugin is not available. */
  standIns?: StandIn[];
  /** Called with every provider process that is started. */
  onProviderStart?: (child: ChildProcess) => void;
  /**
   * Called at each phase of every step that creates, updates, deletes or reads (not in a preview or a refresh). If it
   * returns "kill", the operation ends there as if the engine and its providers had received SIGKILL, and fails with an
   * EngineKilledError.
   */
  intercept?: (stepPhase: StepPhase) => "kill" | undefined;
}

/** Options of `up` and `destroy`. */
export interface OperationOptions {
  /** Print the changes of each property. */
  diff?: boolean;
  /** Refresh the state before the operation. Default: false, unless a folder's Pulumi.yaml says `refresh: always`. */
  refresh?: boolean;
}

/** Options of `preview`. */
export interface PreviewOptions extends OperationOptions {
  /** Print what `pulumi preview --json` prints, at the end, in place of text. */
  json?: boolean;
  /** With `json`: list the resources that stay as they are, too, as `--show-sames` does. */
  showSames?: boolean;
  /**
   * With `json`: list the two halves of replacements, too, as `--show-replacement-steps` does. Without them, the deletion that
   * an interrupted replacement has left is not listed.
   */
  showReplacementSteps?: boolean;
}

/** Options of `refresh`. */
export interface RefreshOperationOptions extends Pick<OperationOptions, "diff"> {
  /** Remove interrupted creates from the state, whether or not they created something. */
  clearPendingCreates?: boolean;
}

/** One operation on one resource: performed, or in a preview planned. */
export interface Step {
  /** What is done. */
  op: Op;
  /** The URN of the resource. */
  urn: string;
  /** The resource's type token. */
  type: string;
  /** The provider's id. Absent for a component, and in a preview of what is to be made. */
  id?: string;
  /** The inputs whose old and new values differ, compared by the engine. */
  diffKeys: string[];
  /** The properties that require a replacement. */
  replaceKeys: string[];
  /** Whether the provider answered an error. */
  failed: boolean;
}

/** An output of a stack. */
export interface Output {
  /** The value, decrypted. */
  value: unknown;
  /** Whether it is secret. */
  secret: boolean;
}

/** What an operation did, or in a preview would do. */
export interface OperationResult {
  /** The number of resources per operation. Default providers are not counted, because Pulumi hides them. */
  summary: Partial<Record<Op, number>>;
  /** The operations on resources, in the order in which they ended. */
  steps: Step[];
  /** The messages, in the order in which they were reported. */
  diagnostics: Diagnostic[];
  /** The stack's outputs after the operation, by name. */
  outputs: Record<string, Output>;
}

/** An operation failed. The message joins all reported errors; `result` describes what was done before the failure. */
export class OperationFailedError extends Error {
  /** The class's name, to recognize the error by. */
  override readonly name = "OperationFailedError";

  constructor(
    kind: OperationKind,
    /** What was done before the failure. */
    readonly result: OperationResult,
  ) {
    const errors = result.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => message);
    super(`${kind} failed: ${errors.join("\n")}`);
  }
}
