import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import {
  createStack,
  type ExportedDeployment,
  type OfflineStack,
  OperationFailedError,
} from "../../../src/testing/engine";
import { isDefaultProvider } from "../../../src/testing/engine/urn";
import declare from "./fixtures/declare";
import type { World } from "./world";

export const PASSPHRASE = "of the tests";

export type Operation = "preview" | "up" | "refresh" | "destroy";

export interface Observed {
  /** `op name` of every step but the default provider's, in the order they began. */
  steps: string[];
  summary: Record<string, number>;
  /** What went wrong, as the user is told. */
  error?: string;
}

/** One way to run the project in fixtures/project. */
export interface Engine {
  run(
    operation: Operation,
    options?: { refresh?: boolean; clearPendingCreates?: boolean },
  ): Promise<Observed>;
  state(): Promise<ExportedDeployment>;
  outputs(): Promise<Record<string, { value: unknown; secret: boolean }>>;
  load(state: ExportedDeployment): Promise<void>;
  close(): Promise<void>;
}

export type Config = Record<string, string | { value: string; secret: true }>;

const nameOf = (urn: string) => urn.split("::").at(-1) ?? "";

export class OfflineEngine implements Engine {
  private readonly stack: OfflineStack;

  constructor(world: World, config: Config) {
    this.stack = createStack({
      project: "compared",
      program: () => declare(pulumi, world.program),
      cwd: world.project,
      config,
      passphrase: PASSPHRASE,
      env: { WORLD: world.path },
      parallel: 16,
    });
  }

  async run(operation: Operation, options = {}): Promise<Observed> {
    const [result, error] = await this.stack[operation](options).then(
      (done) => [done, undefined] as const,
      (failure) => {
        if (failure instanceof OperationFailedError) {
          return [failure.result, failure.message] as const;
        }
        throw failure;
      },
    );
    return {
      steps: result.steps.map(({ op, urn }) => `${op} ${nameOf(urn)}`),
      summary: result.summary,
      ...(error !== undefined && { error }),
    };
  }

  state = async () => this.stack.exportState();
  outputs = async () => this.stack.outputs();
  load = (state: ExportedDeployment) => this.stack.importState(state);
  close = () => this.stack.close();
}

export function findPulumi(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "pulumi")).find((file) => existsSync(file));
}

/** The real Pulumi CLI with a file backend in a folder of its own, through Pulumi's Automation API. */
export class PulumiEngine implements Engine {
  private constructor(private readonly stack: Stack) {}

  static async create(world: World, config: Config, home: string): Promise<PulumiEngine> {
    const { LocalWorkspace } = await import("@pulumi/pulumi/automation");
    const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "dev", workDir: world.project },
      {
        envVars: {
          // A Pulumi release brings this plugin along; a bare CLI finds the SDK's.
          PATH: [process.env["PATH"], sdk].join(delimiter),
          PULUMI_BACKEND_URL: `file://${world.path}`,
          PULUMI_HOME: home,
          PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
          PULUMI_SKIP_UPDATE_CHECK: "1",
          WORLD: world.path,
        },
      },
    );
    for (const [key, value] of Object.entries(config)) {
      await stack.setConfig(key, typeof value === "string" ? { value } : value);
    }
    return new PulumiEngine(stack);
  }

  async run(operation: Operation, options: { refresh?: boolean; clearPendingCreates?: boolean } = {}) {
    const steps: string[] = [];
    const errors: string[] = [];
    let summary: Record<string, number> = {};
    const onEvent = (event: import("@pulumi/pulumi/automation").EngineEvent) => {
      const step = event.resourcePreEvent?.metadata;
      // Default providers are among the events, although the CLI shows them to nobody.
      if (step !== undefined && !isDefaultProvider(step.urn)) {
        steps.push(`${step.op} ${nameOf(step.urn)}`);
      }
      if (event.diagnosticEvent?.severity === "error") {
        errors.push(event.diagnosticEvent.message.replace(/<\{%.*?%\}>/g, "").trim());
      }
      summary = { ...summary, ...event.summaryEvent?.resourceChanges };
    };
    try {
      await this.stack[operation]({ ...options, onEvent } as never);
    } catch (error) {
      return { steps, summary, error: errors.join("\n") || String(error) };
    }
    return { steps, summary };
  }

  state = async () => (await this.stack.exportStack()) as unknown as ExportedDeployment;
  outputs = () => this.stack.outputs() as Promise<Record<string, { value: unknown; secret: boolean }>>;
  load = (state: ExportedDeployment) => this.stack.importStack(state as never);

  async close(): Promise<void> {
    await this.stack.workspace.removeStack("dev", { force: true });
  }
}
