import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { PROVIDER_IS_BUNDLED } from "../providerModule";
import { Display, type OperationDisplay, type OperationKind } from "./display";
import { EngineError } from "./errors";
import { ExportCommand } from "./exportCommand";
import { requireRunningTimers } from "./fakeTimers";
import { Monitor } from "./monitor";
import { Operation, outputsOf } from "./operation";
import { PreviewDigest } from "./previewDigest";
import { locateProgram, type Program } from "./program";
import type { Project } from "./projectFile";
import { ProviderHost } from "./providerHost";
import { TEMPORARY_PASSPHRASE } from "./secrets";
import { Snapshot } from "./snapshot";
import { type GivenConfig, givenConfig, projectConfig, type StackConfig } from "./stackConfig";
import type { PluginHost } from "./standIn";
import type { ExportedDeployment, ResourceState } from "./state";
import { StateFile } from "./stateFile";
import type {
  OperationOptions,
  OperationResult,
  Output,
  PreviewOptions,
  RefreshOperationOptions,
  StackOptions,
} from "./types";

/**
 * A Pulumi stack without the Pulumi CLI: runs programs against a state file in Pulumi's format, with Pulumi's gRPC
 * protocol and its dynamic-provider process. It is meant for tests; use the CLI for real stacks.
 */
export class OfflineStack {
  /** The project's name. */
  readonly project: string;
  /** The stack's name. */
  readonly stack: string;
  private readonly file: StateFile;
  private readonly temporaryFolder: string | undefined;
  private readonly monitor = new Monitor();
  private readonly host: ProviderHost;
  private config: GivenConfig;
  private readonly addedEnv: Record<string, string>;
  private readonly env: NodeJS.ProcessEnv;
  /** Where the programs' processes run. */
  private readonly cwd: string;
  private exportCommand: ExportCommand | undefined;
  private current: Operation | undefined;

  constructor(private readonly options: StackOptions) {
    const { stateFile } = options;
    const program = this.loadProgram();
    const isInline = typeof program === "function";
    const directory = isInline ? process.cwd() : locateProgram(program).directory;
    this.project = isInline ? (options.project ?? "project") : program.name;
    this.stack = options.stack ?? "dev";
    this.config = options.config ?? {};
    // A project folder must have what its programs need; where a test runs, its inline program need not be installed.
    this.addedEnv = { ...(isInline && { [PROVIDER_IS_BUNDLED]: "true" }), ...options.env };
    this.env = { ...process.env, ...this.addedEnv };
    this.cwd = resolve(options.cwd ?? directory);
    const passphrase = options.passphrase ?? process.env["PULUMI_CONFIG_PASSPHRASE"];
    if (stateFile !== undefined && passphrase === undefined) {
      throw new EngineError(
        "a state file that is kept needs a passphrase. Specify one, or set PULUMI_CONFIG_PASSPHRASE",
      );
    }
    this.temporaryFolder =
      stateFile === undefined ? mkdtempSync(join(tmpdir(), "offline-stack-")) : undefined;
    const path = stateFile ?? join(this.temporaryFolder ?? "", `${this.stack}.json`);
    this.file = new StateFile(resolve(path), passphrase ?? TEMPORARY_PASSPHRASE);
    this.host = new ProviderHost(
      {
        cwd: this.cwd,
        env: { ...this.env, PULUMI_NODEJS_PROJECT: this.project, PULUMI_PROJECT: this.project },
        project: this.project,
        fallback: isInline,
        ...(options.inlineProvider && { inline: { addedEnv: this.addedEnv } }),
        onText: (message) => this.current?.report({ severity: "info", message }),
        ...(options.onProviderStart && { onStart: options.onProviderStart }),
      },
      () => this.monitor.address(),
    );
  }

  /**
   * Shows what `up` would do. Calls only `check` and `diff` (and reads of `get` resources), and changes nothing.
   *
   * @throws OperationFailedError if an error was reported; so do the other operations
   */
  preview(options: PreviewOptions = {}): Promise<OperationResult> {
    return this.operate("preview", options, (operation) => operation.update());
  }

  /** Brings the resources to what the program declares, as `pulumi up --yes` does. */
  up(options: OperationOptions = {}): Promise<OperationResult> {
    return this.operate("up", options, (operation) => operation.update());
  }

  /** Brings the state to what the providers read, as `pulumi refresh --yes` does. */
  refresh(options: RefreshOperationOptions = {}): Promise<OperationResult> {
    return this.operate("refresh", { ...options, refresh: true }, async () => undefined);
  }

  /** Deletes all resources, as `pulumi destroy --yes` does. */
  destroy(options: OperationOptions = {}): Promise<OperationResult> {
    return this.operate("destroy", options, (operation) => operation.destroy());
  }

  private async operate(
    kind: OperationKind,
    options: PreviewOptions & RefreshOperationOptions,
    run: (operation: Operation) => Promise<void>,
  ): Promise<OperationResult> {
    await requireRunningTimers();
    const release = this.file.lock();
    // The server and the providers are unref'ed, so a timer keeps this process alive during an operation.
    const keepAlive = setInterval(() => undefined, 60_000);
    try {
      const program = this.loadProgram();
      const {
        standIns = [],
        organization = "organization",
        parallel = 4 * availableParallelism(),
      } = this.options;
      const operation = new Operation({
        kind,
        program,
        standIns,
        organization,
        parallel,
        ...this.resolveConfig(program, kind),
        project: this.project,
        stack: this.stack,
        file: this.file,
        host: this.host,
        monitor: this.monitor,
        plugins: () => this.plugins(),
        env: this.env,
        addedEnv: this.addedEnv,
        display: this.display(kind, options),
        intercept: (stepPhase) => this.options.intercept?.(stepPhase),
      });
      this.current = operation;
      if (options.refresh ?? (typeof program === "object" && program.refresh)) {
        await operation.refresh(options.clearPendingCreates ?? false);
      }
      if (!operation.failed) {
        await run(operation);
      }
      return await operation.end();
    } finally {
      this.current = undefined;
      clearInterval(keepAlive);
      release();
    }
  }

  /** A process that a plugin starts finds the state as under Pulumi. */
  private plugins(): PluginHost {
    this.exportCommand ??= new ExportCommand(this.file.path);
    const path = [this.exportCommand.folder, this.env["PATH"]].join(delimiter);
    return { cwd: this.cwd, env: { ...this.env, PATH: path } };
  }

  /** The function to run, or the project as its files say now. */
  private loadProgram(): Program | Project {
    const { program, project: name } = this.options;
    if (typeof program === "function") {
      return program;
    }
    // Its validation takes time to load, and inline programs have no files.
    const { readProject } = require("./projectFile") as typeof import("./projectFile");
    const project = readProject(program.workDir);
    if (name !== undefined && name !== project.name) {
      throw new EngineError(
        `project: is ${name}, but Pulumi.yaml names the project ${project.name}. Omit it`,
      );
    }
    return { ...project, main: program.main ?? project.main };
  }

  private resolveConfig(program: Program | Project, kind: OperationKind): StackConfig {
    return typeof program === "function"
      ? givenConfig(this.config, this.project)
      : projectConfig(this.config, program, this.stack, kind === "preview" || kind === "up");
  }

  private display(kind: OperationKind, options: PreviewOptions): OperationDisplay {
    const write = this.options.onOutput ?? (() => undefined);
    if (options.json) return new PreviewDigest(write, options);
    const { diff = false } = options;
    const { onOutput, colour = onOutput !== undefined && process.stdout.isTTY === true } = this.options;
    return new Display({
      kind,
      diff,
      colour,
      stack: this.stack,
      dryRun: kind === "preview",
      write,
    });
  }

  /** Replaces the configuration for the following operations; its form is that of `StackOptions.config`. */
  setConfig(config: GivenConfig): void {
    this.config = config;
  }

  /** The resources in the state, in its order. Secrets are decrypted but still marked as secrets. */
  resources(): ResourceState[] {
    return this.file.read().resources;
  }

  /** The stack's outputs, decrypted. */
  outputs(): Record<string, Output> {
    return outputsOf(this.file.read().resources);
  }

  /** The state as `pulumi stack export` prints it, secrets encrypted; `pulumi stack import` takes it. */
  exportState(): ExportedDeployment {
    return this.file.export(this.file.read());
  }

  /** Replaces the state, as `pulumi stack import` does. Pending operations are dropped. */
  async importState(deployment: ExportedDeployment): Promise<void> {
    const release = this.file.lock();
    try {
      const { resources } = this.file.load(deployment);
      const foreign = resources.find(
        ({ urn }) => !urn.startsWith(`urn:pulumi:${this.stack}::${this.project}::`),
      );
      if (foreign !== undefined) {
        throw new EngineError(`${foreign.urn} is not of stack ${this.stack} of project ${this.project}`);
      }
      await this.file.write(new Snapshot(resources, []));
    } finally {
      release();
    }
  }

  /** Kills the provider processes, to simulate a crash. The outcome of running calls is unknown. */
  async killProviders(): Promise<void> {
    await this.host.close();
  }

  /** Stops the providers and the server, and removes a temporary state file. */
  async close(): Promise<void> {
    await this.host.close();
    this.monitor.stop();
    await this.exportCommand?.remove();
    if (this.temporaryFolder !== undefined) {
      await rm(this.temporaryFolder, { recursive: true, force: true });
    }
  }
}

/**
 * Makes a stack for the program, without running it. `close()` ends it.
 * @throws EngineError when the project cannot be read, or a state file that is kept has no passphrase
 */
export function createStack(options: StackOptions): OfflineStack {
  return new OfflineStack(options);
}
