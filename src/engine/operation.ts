import { Deployment, type Diagnostic } from "./deployment";
import type { DisplayedStep, OperationDisplay, OperationKind } from "./display";
import { EngineKilledError } from "./errors";
import type { Monitor, MonitoredRun } from "./monitor";
import { type Program, type ProgramError, runInline, runProject } from "./program";
import type { Project } from "./projectFile";
import type { ProviderHost } from "./providerHost";
import { ProviderRegistry } from "./providerRegistry";
import { refreshResources } from "./refresh";
import { Snapshot } from "./snapshot";
import type { PluginHost, StandIn } from "./standIn";
import type { PendingOperation, ResourceState } from "./state";
import type { StateFile } from "./stateFile";
import type { Op, StepPhase } from "./stepExecutor";
import { OperationFailedError, type OperationResult, type Output, type Step } from "./types";
import { createUrn, isDefaultProvider, STACK_TYPE } from "./urn";
import { changedKeys, containsSecrets, type PropertyMap, unwrapSecrets } from "./values";

export interface OperationContext {
  kind: OperationKind;
  project: string;
  stack: string;
  organization: string;
  parallel: number;
  config: Record<string, string>;
  secretKeys: string[];
  program: Program | Project;
  /** Where the plugins run that stand-ins stand for. */
  plugins(): PluginHost;
  /** The whole environment, for a program that runs in its own process. */
  env: NodeJS.ProcessEnv;
  /** The variables in `env` that this process does not have, for an inline program. */
  addedEnv: Record<string, string>;
  file: StateFile;
  host: ProviderHost;
  standIns: StandIn[];
  monitor: Monitor;
  display: OperationDisplay;
  intercept(stepPhase: StepPhase): "kill" | undefined;
}

// A replacement consists of several steps, of which the summary counts only `replace`.
const SUMMARIZED_OPS: ReadonlySet<Op> = new Set([
  "same",
  "create",
  "update",
  "delete",
  "replace",
  "read",
  "discard",
]);

/** One preview, up, refresh or destroy, from reading the state to its result. */
export class Operation {
  private readonly result: OperationResult = { summary: {}, steps: [], diagnostics: [], outputs: {} };
  private readonly dryRun: boolean;
  private readonly stackUrn: string;
  private readonly oldOutputs: PropertyMap;
  private snapshot: Snapshot;
  private killed: { error: EngineKilledError; providersClosed: Promise<void> } | undefined;
  private interceptFailure: { error: unknown } | undefined;

  constructor(private readonly context: OperationContext) {
    this.dryRun = context.kind === "preview";
    this.stackUrn = createUrn(
      context.stack,
      context.project,
      "",
      STACK_TYPE,
      `${context.project}-${context.stack}`,
    );
    const { resources, pendingOperations } = context.file.read();
    this.oldOutputs = stackOutputs(resources);
    this.snapshot = new Snapshot(resources, pendingOperations);
  }

  get failed(): boolean {
    return this.result.diagnostics.some(({ severity }) => severity === "error");
  }

  async refresh(clearPendingCreates: boolean): Promise<void> {
    if (clearPendingCreates) {
      this.snapshot.clearPendingCreates();
    }
    const counted = this.context.kind === "refresh";
    const refreshed = await refreshResources(this.snapshot.base, {
      providers: this.providers(),
      parallel: this.context.parallel,
      onDiagnostic: (diagnostic) => this.report(diagnostic),
      onStep: (step, phase, seconds) => {
        if (counted || step.op !== "same") {
          this.record(step, phase, seconds, counted);
        }
      },
    });
    this.snapshot = new Snapshot(refreshed, this.snapshot.pendingOperations());
    await this.save();
  }

  async update(): Promise<void> {
    if (!this.dryRun && this.snapshot.pendingAtStart.length > 0) {
      this.report({ severity: "warning", message: pendingWarning(this.snapshot.pendingAtStart) });
    }
    const deployment = this.deployment();
    let done: Promise<void> | undefined;
    const run: MonitoredRun = {
      ...this.context,
      dryRun: this.dryRun,
      deployment,
      inline: typeof this.context.program === "function",
      programDone: () => {
        done ??= deployment.executeDeletes();
        return done;
      },
    };
    await this.context.monitor.serve(run, async (address) => {
      const failure = await this.runProgram(address, () => deployment.busy);
      if (failure === undefined) {
        await run.programDone();
      } else if (!deployment.errored) {
        deployment.fail(failure || "the program failed without an error message");
      }
      await deployment.finish();
    });
  }

  async destroy(): Promise<void> {
    const deployment = this.deployment();
    await deployment.executeDeletes();
    await deployment.finish();
  }

  /** @throws OperationFailedError if an error was reported; EngineKilledError if `intercept` killed the engine */
  async end(): Promise<OperationResult> {
    await this.context.host.drain();
    if (this.killed !== undefined) {
      await this.killed.providersClosed;
      throw this.killed.error;
    }
    if (this.interceptFailure !== undefined) {
      throw this.interceptFailure.error;
    }
    const resources = this.snapshot.resources();
    this.result.outputs = outputsOf(resources);
    this.context.display.end(this.result.summary, this.oldOutputs, stackOutputs(resources));
    if (this.failed) {
      throw new OperationFailedError(this.context.kind, this.result);
    }
    return this.result;
  }

  /** Records and prints a diagnostic. One without a resource is attributed to the stack. */
  report(diagnostic: Diagnostic): void {
    const located = { ...diagnostic, urn: diagnostic.urn ?? this.stackUrn };
    if (located.severity !== "debug") {
      this.result.diagnostics.push(located);
      this.context.display.diagnostic(located);
    }
  }

  private deployment(): Deployment {
    return new Deployment({
      ...this.context,
      dryRun: this.dryRun,
      snapshot: this.snapshot,
      providers: this.providers(),
      save: () => this.save(),
      onDiagnostic: (diagnostic) => this.report(diagnostic),
      onStep: (step, phase, seconds) => this.record(step, phase, seconds, true),
      onStepPhase: (stepPhase) => this.onStepPhase(stepPhase),
    });
  }

  /** Simulates SIGKILL if `intercept` asks for it: the state is not written any more, and the providers are killed. */
  private onStepPhase(stepPhase: StepPhase): void {
    if (this.killed === undefined && this.intercept(stepPhase) === "kill") {
      const { op, urn, phase } = stepPhase;
      const error = new EngineKilledError(`the engine was killed: ${op} ${urn}, ${phase}`);
      this.context.file.abandon();
      this.killed = { error, providersClosed: this.context.host.close() };
    }
    if (this.killed !== undefined) {
      throw this.killed.error;
    }
  }

  /** An error thrown by the interceptor fails the operation, but only after all completed steps are recorded. */
  private intercept(stepPhase: StepPhase): "kill" | undefined {
    try {
      return this.context.intercept(stepPhase);
    } catch (error) {
      this.interceptFailure ??= { error };
      return undefined;
    }
  }

  private providers(): ProviderRegistry {
    const { host, standIns, plugins } = this.context;
    return new ProviderRegistry(this.snapshot.base, (config) => host.start(config), standIns, plugins);
  }

  private runProgram(address: string, busy: () => boolean): Promise<ProgramError> {
    const { program, env, addedEnv } = this.context;
    const options = { ...this.context, dryRun: this.dryRun, address, busy };
    return typeof program === "function"
      ? runInline(program, options, addedEnv)
      : runProject(program, options, env, (message) => this.report({ severity: "info", message }));
  }

  private async save(): Promise<void> {
    if (!this.dryRun) {
      await this.context.file.write(this.snapshot);
    }
  }

  private record(
    step: DisplayedStep & Partial<Step>,
    phase: "start" | "done" | "failed",
    seconds: number,
    counted: boolean,
  ): void {
    const resource = step.next ?? step.old;
    if (resource === undefined || isDefaultProvider(resource.urn)) {
      return;
    }
    this.context.display.step(step, phase, seconds);
    if (phase === "start" || !counted) {
      return;
    }
    const { urn, type, id } = resource;
    this.result.steps.push({
      op: step.op,
      urn,
      type,
      ...(id !== "" && { id }),
      diffKeys: step.old && step.next ? changedKeys(step.old.inputs, step.next.inputs) : [],
      replaceKeys: step.replaceKeys ?? [],
      failed: phase === "failed",
    });
    if (phase === "done" && isCounted(step)) {
      this.result.summary[step.op] = (this.result.summary[step.op] ?? 0) + 1;
    }
  }
}

/** A read is counted only if it changed the outputs. */
function isCounted({ op, old, next }: DisplayedStep): boolean {
  return op === "read"
    ? old !== undefined && next !== undefined && changedKeys(old.outputs, next.outputs).length > 0
    : SUMMARIZED_OPS.has(op);
}

function stackOutputs(resources: ResourceState[]): PropertyMap {
  return (
    resources.find(({ type, delete: pendingDelete }) => type === STACK_TYPE && !pendingDelete)?.outputs ?? {}
  );
}

/** The stack's outputs as plain values. An output that contains a secret is marked as secret. */
export function outputsOf(resources: ResourceState[]): Record<string, Output> {
  return Object.fromEntries(
    Object.entries(stackOutputs(resources)).map(([key, value]) => [
      key,
      { value: unwrapSecrets(value), secret: containsSecrets(value) },
    ]),
  );
}

function pendingWarning(operations: PendingOperation[]): string {
  const list = operations.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}`);
  return [
    `Attempting to deploy or update resources with ${operations.length} pending operations from previous deployment.`,
    ...list,
    "These resources are in an unknown state because the engine was interrupted while waiting for changes to complete.",
    "Check them, then run a refresh. A refresh with clearPendingCreates removes pending creates.",
  ].join("\n");
}
