import { resolve } from "node:path";
import type { ExportedDeployment } from "../../src/engine";
import { Deployment, type Diagnostic } from "../../src/engine/deployment";
import type { Goal } from "../../src/engine/goals";
import { InlineProvider } from "../../src/engine/inlineProvider";
import { PreviewDigest } from "../../src/engine/previewDigest";
import { ProviderRegistry } from "../../src/engine/providerRegistry";
import { refreshResources } from "../../src/engine/refresh";
import { Snapshot } from "../../src/engine/snapshot";
import { StateFile } from "../../src/engine/stateFile";
import type { PlannedStep } from "../../src/engine/stepExecutor";
import type { PropertyMap } from "../../src/engine/values";
import type { HarnessStack } from "./faultHarness";

const PARALLEL = 1;

export interface Declaration {
  type: string;
  name: string;
  inputs: PropertyMap;
  options?: Partial<Goal>;
}

/**
 * The offline engine's decisions and an inline provider, without Pulumi's SDK and without a state file, so that an
 * operation takes a few milliseconds.
 */
export class DirectStack implements HarnessStack {
  private readonly file = new StateFile("nowhere", "of the tests");
  private provider: InlineProvider;
  /** Whose calls still run, though the engine has given up on them. */
  private killed: InlineProvider | undefined;
  private exported: ExportedDeployment = this.file.export({ resources: [], pendingOperations: [] });

  constructor(
    /** @param dryRun whether it is for a preview */
    private readonly declare: (dryRun: boolean) => Declaration | readonly Declaration[],
    private readonly env: Record<string, string>,
  ) {
    this.provider = this.startProvider();
  }

  private startProvider(): InlineProvider {
    const cwd = resolve(__dirname, "../..");
    const options = { project: "proj", cwd, fallback: false, addedEnv: this.env, onText: () => undefined };
    return new InlineProvider(options, {});
  }

  async killProvider(): Promise<void> {
    this.killed = this.provider;
    this.provider = this.startProvider();
    await this.killed.close();
  }

  up(): Promise<string[]> {
    return this.deploy(false, true);
  }

  destroy(): Promise<string[]> {
    return this.deploy(false, false);
  }

  async preview(): Promise<string[]> {
    const steps: string[] = [];
    const errors = await this.deploy(true, true, ({ op }) => steps.push(op));
    return [...errors, ...steps.filter((op) => op !== "same")];
  }

  /** What `pulumi preview --json` prints. */
  async previewJson(): Promise<string> {
    let text = "";
    const write = (part: string) => {
      text += part;
    };
    const digest = new PreviewDigest(write, { showSames: true, showReplacementSteps: true });
    const errors = await this.deploy(true, true, (step) => digest.step(step, "done"));
    for (const message of errors) digest.diagnostic({ severity: "error", message });
    digest.end({});
    return text;
  }

  async refresh(): Promise<string[]> {
    const snapshot = this.load();
    snapshot.clearPendingCreates();
    const errors: string[] = [];
    const resources = await refreshResources(snapshot.base, {
      providers: this.providers(snapshot),
      parallel: PARALLEL,
      onStep: () => undefined,
      onDiagnostic: (diagnostic) => errors.push(...errorOf(diagnostic)),
    });
    this.store(new Snapshot(resources, snapshot.pendingOperations()));
    return errors;
  }

  state(): ExportedDeployment["deployment"] {
    return this.exported.deployment;
  }

  async reset(): Promise<void> {
    this.exported = this.file.export({ resources: [], pendingOperations: [] });
  }

  close(): Promise<void> {
    return this.provider.close();
  }

  private async deploy(dryRun: boolean, declares: boolean, seen = (_: PlannedStep) => {}): Promise<string[]> {
    const snapshot = this.load();
    const errors: string[] = [];
    const deployment = new Deployment({
      ...{ project: "proj", stack: "dev", config: {}, secretKeys: [], parallel: PARALLEL, dryRun, snapshot },
      providers: this.providers(snapshot),
      save: async () => this.store(snapshot),
      onDiagnostic: (diagnostic) => errors.push(...errorOf(diagnostic)),
      onStep: (step, phase) => phase === "done" && seen(step),
      onStepPhase: () => undefined,
    });
    const declared = declares ? [this.declare(dryRun)].flat() : [];
    for (const one of declared) await deployment.register(goalOf(one));
    await deployment.executeDeletes();
    await deployment.finish();
    await this.killed?.idle();
    return errors;
  }

  private load(): Snapshot {
    const { resources, pendingOperations } = this.file.load(this.exported);
    return new Snapshot(resources, pendingOperations);
  }

  private store(snapshot: Snapshot): void {
    this.exported = this.file.export({
      resources: snapshot.resources(),
      pendingOperations: snapshot.pendingOperations(),
    });
  }

  private providers(snapshot: Snapshot): ProviderRegistry {
    return new ProviderRegistry(
      snapshot.base,
      async () => this.provider,
      [],
      () => ({ cwd: ".", env: {} }),
    );
  }
}

const errorOf = ({ severity, message }: Diagnostic) => (severity === "error" ? [message] : []);

function goalOf({ options, ...declaration }: Declaration): Goal {
  return {
    ...declaration,
    ...{
      custom: true,
      parent: "",
      provider: "",
      deletedWith: "",
      dependencies: [],
      propertyDependencies: {},
    },
    ...{ protect: undefined, retainOnDelete: undefined, deleteBeforeReplace: undefined },
    ...{
      ignoreChanges: [],
      replaceOnChanges: [],
      additionalSecretOutputs: [],
      aliases: [],
      customTimeouts: {},
    },
    ...options,
  };
}
