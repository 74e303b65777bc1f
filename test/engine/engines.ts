import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import {
  createStack,
  type ExportedDeployment,
  type OfflineStack,
  OperationFailedError,
} from "../../src/engine";
import { runExclusively } from "../../src/engine/inlineRun";
import { isDefaultProvider, nameOf } from "../../src/engine/urn";
import { connectAnew } from "../../src/sdk";
import { withoutListenersLeft } from "../automationListeners";
import type { FileCloud } from "./fileCloud";
import declare from "./fixtures/declare";

export const PASSPHRASE = "of the tests";

export type Operation = "preview" | "up" | "refresh" | "destroy";

export interface Step {
  op: string;
  name: string;
  /** The number of steps that had ended when it began, and its own position among the ends; absent if it has no duration. */
  span?: { began: number; ended: number };
}

export interface Observed {
  /** All steps except the default provider's, in the order in which they ended. */
  steps: Step[];
  summary: Record<string, number>;
  /** The error messages that the user sees. */
  error?: string;
}

/** An engine that runs programs written as data: see fixtures/declare.js. */
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

/** Records when the steps of a run begin and end, counted in ended steps. */
class StepTimeline {
  private readonly steps: { op: string; urn: string; began: number; ended?: number }[] = [];
  private ended = 0;

  begin(op: string, urn: string): void {
    this.steps.push({ op, urn, began: this.ended });
  }

  end(op: string, urn: string): void {
    const step = this.steps.find((one) => one.op === op && one.urn === urn && one.ended === undefined);
    if (step !== undefined) {
      step.ended = ++this.ended;
    }
  }

  /** In the order in which they ended. A step without a recorded end ended right after it began. */
  inEndOrder(): (Step & { urn: string })[] {
    const at = ({ began, ended = began + 0.5 }: (typeof this.steps)[number]) => ended;
    return this.steps
      .toSorted((x, y) => at(x) - at(y))
      .map(({ op, urn, began, ended }) => ({
        ...{ op, urn, name: nameOf(urn) },
        ...(ended !== undefined && { span: { began, ended } }),
      }));
  }
}

export class OfflineEngine implements Engine {
  private readonly stack: OfflineStack;
  private timeline = new StepTimeline();

  constructor(world: FileCloud, config: Config, inlineProvider = true) {
    this.stack = createStack({
      project: "compared",
      program: () => declare(pulumi, world.program),
      cwd: world.project,
      inlineProvider,
      config,
      passphrase: PASSPHRASE,
      env: { WORLD: world.path },
      parallel: 16,
      intercept: ({ phase, op, urn }) => {
        if (phase === "before") this.timeline.begin(op, urn);
        if (phase === "recorded") this.timeline.end(op, urn);
        return undefined;
      },
    });
  }

  async run(operation: Operation, options = {}): Promise<Observed> {
    this.timeline = new StepTimeline();
    const [result, error] = await this.stack[operation](options).then(
      (done) => [done, undefined] as const,
      (failure) => {
        if (failure instanceof OperationFailedError) {
          return [failure.result, failure.message] as const;
        }
        throw failure;
      },
    );
    const timed = this.timeline.inEndOrder();
    const spanOf = (op: string, urn: string) => {
      const span = timed.find((step) => step.op === op && step.urn === urn)?.span;
      return span && { span };
    };
    return {
      steps: result.steps.map(({ op, urn }) => ({ op, name: nameOf(urn), ...spanOf(op, urn) })),
      summary: result.summary,
      ...(error !== undefined && { error }),
    };
  }

  state = async () => this.stack.exportState();
  outputs = async () => this.stack.outputs();
  load = (state: ExportedDeployment) => this.stack.importState(state);
  close = () => this.stack.close();
}

/** Pulumi's own engine, `pulumi` on the PATH, with a file backend in a temporary folder. */
export class PulumiEngine implements Engine {
  private constructor(private readonly stack: Stack) {}

  static async create(world: FileCloud, config: Config, home: string): Promise<PulumiEngine> {
    const { LocalWorkspace } = await import("@pulumi/pulumi/automation");
    const program = async () => declare(pulumi, world.program);
    connectAnew();
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "dev", projectName: "compared", program },
      {
        workDir: world.project,
        envVars: {
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
    const timeline = new StepTimeline();
    const errors: string[] = [];
    let summary: Record<string, number> = {};
    const onEvent = (event: import("@pulumi/pulumi/automation").EngineEvent) => {
      const start = event.resourcePreEvent?.metadata;
      // The events include default providers, which the CLI does not show.
      if (start !== undefined && !isDefaultProvider(start.urn)) {
        timeline.begin(start.op, start.urn);
      }
      const end = (event.resOutputsEvent ?? event.resOpFailedEvent)?.metadata;
      // For a component this event reports its outputs, long after its step.
      if (end !== undefined && (end.old ?? end.new)?.custom) {
        timeline.end(end.op, end.urn);
      }
      if (event.diagnosticEvent?.severity === "error") {
        errors.push(event.diagnosticEvent.message.replace(/<\{%.*?%\}>/g, "").trim());
      }
      summary = { ...summary, ...event.summaryEvent?.resourceChanges };
    };
    try {
      await withoutListenersLeft(() =>
        // What the program leaves rejected fails it.
        runExclusively<unknown>({}, () => this.stack[operation]({ ...options, onEvent } as never)),
      );
    } catch (error) {
      return { steps: timeline.inEndOrder(), summary, error: errors.join("\n") || String(error) };
    }
    return { steps: timeline.inEndOrder(), summary };
  }

  state = async () => (await this.stack.exportStack()) as unknown as ExportedDeployment;
  outputs = () => this.stack.outputs() as Promise<Record<string, { value: unknown; secret: boolean }>>;
  load = (state: ExportedDeployment) => this.stack.importStack(state as never);

  async close(): Promise<void> {
    await this.stack.workspace.removeStack("dev", { force: true });
  }
}
