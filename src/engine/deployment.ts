import { Semaphore } from "./concurrency";
import { scheduleDeletes, transitiveDependenciesOf } from "./dependencies";
import { EngineKilledError, messageOf, ProviderLostError } from "./errors";
import type { Goal, ReadGoal } from "./goals";
import { DYNAMIC_PACKAGE, type ProviderRegistry } from "./providerRegistry";
import type { Snapshot } from "./snapshot";
import type { ResourceState } from "./state";
import {
  DeleteProtectedError,
  execute,
  type PlannedStep,
  resourceOf,
  type StepContext,
  type StepPhase,
} from "./stepExecutor";
import { BailError, StepGenerator } from "./stepGenerator";
import { isProviderType, packageOf, providerReference, providerType, STACK_TYPE } from "./urn";
import { makeSecret, type PropertyMap } from "./values";

/** How serious a diagnostic is. An `error` fails the operation. */
export type Severity = "info" | "warning" | "error" | "debug";

/** A message of the engine, of a provider or of the program. */
export interface Diagnostic {
  /** How serious it is. */
  severity: Severity;
  /** The resource that the message is about; absent when it is about the operation as a whole. */
  urn?: string;
  /** The text, as the Pulumi CLI would print it. */
  message: string;
}

export interface DeploymentOptions {
  project: string;
  stack: string;
  dryRun: boolean;
  /** The maximum number of concurrent steps. */
  parallel: number;
  config: Record<string, string>;
  secretKeys: string[];
  snapshot: Snapshot;
  providers: ProviderRegistry;
  save(): Promise<void>;
  onDiagnostic(diagnostic: Diagnostic): void;
  onStep(step: PlannedStep, phase: "start" | "done" | "failed", seconds: number): void;
  /** Called at each phase of a step that calls a provider. @throws EngineKilledError to stop the deployment there */
  onStepPhase(stepPhase: StepPhase): void;
}

/** The result of a registration: the new state, a failure (`fail`), or not attempted (`skip`). */
export type RegisterResult = { result: "success"; state: ResourceState } | { result: "fail" | "skip" };

/** One run of a program against a state: generates and executes the steps for the resources that the program registers. */
export class Deployment {
  /** An error was reported, so the operation as a whole fails. */
  errored = false;
  /** No further step is started. */
  stopped = false;
  private readonly generator: StepGenerator;
  private readonly stepContext: StepContext;
  private readonly generating = new Semaphore(1);
  private readonly executionSlots: Semaphore;
  private readonly registrations = new Set<Promise<unknown>>();
  private readonly goals = new Map<string, Partial<Goal>>();
  private readonly states = new Map<string, ResourceState>();
  private readonly defaultProviders = new Map<string, Promise<RegisterResult>>();
  private stackOutputs: { urn: string; outputs: PropertyMap } | undefined;

  constructor(private readonly options: DeploymentOptions) {
    const { project, stack, dryRun, snapshot, providers, save } = options;
    this.generator = new StepGenerator({
      project,
      stack,
      dryRun,
      resources: snapshot.base,
      providerFor: (resource) => providers.for(resource),
      report: (severity, urn, message) => this.report({ severity, urn, message }),
    });
    this.stepContext = {
      dryRun,
      providers,
      snapshot,
      save,
      onPhase: (step, op, phase) => {
        const { urn, type } = resourceOf(step);
        options.onStepPhase({ phase, op, urn, type });
      },
      isDeleted: (urn) => this.generator.isDeleted(urn),
      now: () => new Date(),
    };
    this.executionSlots = new Semaphore(options.parallel);
  }

  report(diagnostic: Diagnostic): void {
    this.errored ||= diagnostic.severity === "error";
    this.options.onDiagnostic(diagnostic);
  }

  /** Reports an error that belongs to no resource, and stops the deployment. */
  fail(message: string): void {
    this.stopped = true;
    this.report({ severity: "error", message });
  }

  /** Whether any registration is in progress. */
  get busy(): boolean {
    return this.registrations.size > 0;
  }

  async register(goal: Goal, version = ""): Promise<RegisterResult> {
    const inherited = this.inheritFromParent(goal);
    const provider = await this.providerOf(inherited, version);
    if (provider === undefined) {
      return { result: "skip" };
    }
    const complete = { ...inherited, provider };
    return this.track(goal, () => this.generator.register(complete), complete);
  }

  async read(goal: ReadGoal, version = ""): Promise<RegisterResult> {
    const provider = await this.providerOf({ ...goal, custom: true }, version);
    if (provider === undefined) {
      return { result: "skip" };
    }
    return this.track(goal, async () => this.generator.read({ ...goal, provider }), { provider });
  }

  /** The new state of a resource that was registered or read in this run. */
  stateOf(urn: string): ResourceState | undefined {
    return this.states.get(urn);
  }

  /** Nothing after a failure, as in Pulumi's engine: what the program then says of itself names what failed. */
  async registerOutputs(urn: string, outputs: PropertyMap): Promise<void> {
    if (this.stopped) {
      return;
    }
    const state = this.states.get(urn);
    if (state?.type === STACK_TYPE) {
      // Applied in `finish`: a failed run keeps old outputs, a successful one drops them.
      this.stackOutputs = { urn, outputs };
    } else if (state !== undefined) {
      state.outputs = outputs;
      await this.save();
    }
  }

  /** Deletes the resources that the program did not register. Call it after the program has ended. */
  async executeDeletes(): Promise<void> {
    // A preview shows deletions despite errors that would prevent them in an update.
    const enabled = this.options.dryRun ? !this.stopped : !this.errored;
    const steps = enabled ? this.generator.generateDeletes() : [];
    const byResource = new Map(steps.map((step) => [resourceOf(step), step]));
    const kept = new Set<ResourceState>();
    for (const group of scheduleDeletes([...byResource.keys()], this.options.snapshot.base)) {
      const deletable = group.filter((resource) => !kept.has(resource));
      await Promise.all(
        deletable.map(async (resource) => {
          const failure = await this.executeStep(byResource.get(resource));
          if (failure instanceof DeleteProtectedError) {
            // Continue with the other deletions, but keep what the protected resource depends on.
            for (const dependency of transitiveDependenciesOf(resource, this.options.snapshot.base)) {
              kept.add(dependency);
            }
          }
        }),
      );
    }
  }

  /** Waits for registrations in progress and records the stack's outputs. */
  async finish(): Promise<void> {
    while (this.registrations.size > 0) {
      await Promise.allSettled(this.registrations);
    }
    if (this.stackOutputs !== undefined) {
      const { urn, outputs } = this.stackOutputs;
      const state = this.states.get(urn);
      if (state !== undefined) {
        state.outputs = this.errored ? { ...state.outputs, ...outputs } : outputs;
      }
    }
    await this.save();
  }

  private async save(): Promise<void> {
    if (!this.options.dryRun) {
      await this.options.save();
    }
  }

  private inheritFromParent(goal: Goal): Goal {
    const parent = this.goals.get(goal.parent);
    const parentsProvider = parent?.provider ?? "";
    const isSamePackage = parentsProvider.includes(`::${providerType(packageOf(goal.type))}::`);
    return {
      ...goal,
      protect: goal.protect ?? parent?.protect,
      retainOnDelete: goal.retainOnDelete ?? parent?.retainOnDelete,
      deletedWith: goal.deletedWith || (parent?.deletedWith ?? ""),
      provider: goal.provider || (goal.custom && isSamePackage ? parentsProvider : ""),
    };
  }

  /** The reference of the provider to use; registers the package's default provider if needed. undefined if that failed. */
  private async providerOf(
    { custom, type, provider }: { custom: boolean; type: string; provider: string },
    version: string,
  ): Promise<string | undefined> {
    if (!custom || isProviderType(type)) {
      return "";
    }
    if (provider !== "") {
      return provider;
    }
    const pkg = packageOf(type);
    const name = version === "" ? "default" : `default_${version.replace(/\W/g, "_")}`;
    const key = `${pkg}::${name}`;
    const registered =
      this.defaultProviders.get(key) ?? this.register(defaultProviderGoal(pkg, name, version, this.options));
    this.defaultProviders.set(key, registered);
    const result = await registered;
    return result.result === "success" ? providerReference(result.state.urn, result.state.id) : undefined;
  }

  private track(
    { type, name }: { type: string; name: string },
    generate: () => Promise<PlannedStep[]>,
    goal: Partial<Goal>,
  ): Promise<RegisterResult> {
    const work = this.generateAndExecute(`${type} ${name}`, generate, goal);
    this.registrations.add(work);
    return work.finally(() => this.registrations.delete(work));
  }

  private async generateAndExecute(
    label: string,
    generate: () => Promise<PlannedStep[]>,
    goal: Partial<Goal>,
  ): Promise<RegisterResult> {
    const steps = await this.generating.run(async () => {
      if (this.stopped) {
        return undefined;
      }
      try {
        return await generate();
      } catch (error) {
        this.stopped = true;
        if (!(error instanceof BailError)) {
          this.report({ severity: "error", message: `${label}: ${messageOf(error)}` });
        }
        return "failed";
      }
    });
    if (steps === undefined) {
      return { result: "skip" };
    }
    if (steps === "failed") {
      return { result: "fail" };
    }
    for (const step of steps) {
      if (this.stopped) {
        return { result: "skip" };
      }
      if ((await this.executeStep(step)) !== undefined) {
        return { result: "fail" };
      }
    }
    const state = steps.findLast((step) => step.op !== "replace")?.next;
    if (state === undefined) {
      return { result: "skip" };
    }
    this.goals.set(state.urn, goal);
    this.states.set(state.urn, state);
    return { result: "success", state };
  }

  /** @returns the error, which has already been reported; undefined on success */
  private executeStep(step: PlannedStep | undefined): Promise<unknown> {
    return this.executionSlots.run(async () => {
      if (step === undefined || this.stopped) {
        return undefined;
      }
      const start = performance.now();
      const seconds = () => (performance.now() - start) / 1000;
      this.options.onStep(step, "start", 0);
      try {
        await execute(step, this.stepContext);
      } catch (error) {
        if (error instanceof EngineKilledError) {
          this.errored = this.stopped = true;
          return error;
        }
        this.options.onStep(step, "failed", seconds());
        this.reportFailure(step, error);
        return error;
      }
      this.options.onStep(step, "done", seconds());
      return undefined;
    });
  }

  private reportFailure(step: PlannedStep, error: unknown): void {
    // A protected resource does not stop the run, so that all protected resources are reported.
    this.stopped ||= !(error instanceof DeleteProtectedError);
    const { urn } = resourceOf(step);
    const prefix = this.options.dryRun ? "Preview failed: " : "";
    this.report({ severity: "error", urn, message: `${prefix}${messageOf(error)}` });
    if (error instanceof ProviderLostError) {
      this.report({
        severity: "info",
        urn,
        message: "the state keeps the operation as pending; check the resource before you continue",
      });
    }
  }
}

/** The dynamic provider receives the whole stack configuration, other packages only the keys of their own namespace. */
function defaultProviderGoal(
  pkg: string,
  name: string,
  version: string,
  { config, secretKeys }: Pick<DeploymentOptions, "config" | "secretKeys">,
): Goal {
  const inputs: PropertyMap = version === "" ? {} : { version };
  for (const [key, value] of Object.entries(config)) {
    const ownKey =
      pkg === DYNAMIC_PACKAGE ? key : key.startsWith(`${pkg}:`) ? key.slice(pkg.length + 1) : undefined;
    if (ownKey !== undefined) {
      inputs[ownKey] = secretKeys.includes(key) ? makeSecret(value) : value;
    }
  }
  return {
    type: providerType(pkg),
    name,
    custom: true,
    inputs,
    parent: "",
    provider: "",
    dependencies: [],
    propertyDependencies: {},
    protect: undefined,
    retainOnDelete: undefined,
    deletedWith: "",
    deleteBeforeReplace: undefined,
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
    aliases: [],
    customTimeouts: {},
  };
}
