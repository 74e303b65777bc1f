import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import {
  createStack,
  type ExportedDeployment,
  type OfflineStack,
  OperationFailedError,
} from "../../src/engine";
import { isDefaultProvider, nameOf } from "../../src/engine/urn";
import type { FileCloud } from "./fileCloud";
import declare from "./fixtures/declare";

export const PASSPHRASE = "of the tests";

export type Operation = "preview" | "up" | "refresh" | "destroy";

export interface Step {
  op: string;
  name: string;
  /** How many steps had ended before it began, and with itself; none of a step that is over at once. */
  span?: { began: number; ended: number };
}

export interface Observed {
  /** Every step but the default provider's, in the order they ended. */
  steps: Step[];
  summary: Record<string, number>;
  /** What went wrong, as the user is told. */
  error?: string;
}

/** One way to run a program that is written as data: see fixtures/declare.js. */
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

/** The steps of a run that have begun, and which of them had ended before. */
class Course {
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

  /** In the order they ended. One that was never seen to end was over at once. */
  inOrder(): (Step & { urn: string })[] {
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
  private course = new Course();

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
      intercept: ({ phase: moment, op, urn }) => {
        if (moment === "before") this.course.begin(op, urn);
        if (moment === "recorded") this.course.end(op, urn);
        return undefined;
      },
    });
  }

  async run(operation: Operation, options = {}): Promise<Observed> {
    this.course = new Course();
    const [result, error] = await this.stack[operation](options).then(
      (done) => [done, undefined] as const,
      (failure) => {
        if (failure instanceof OperationFailedError) {
          return [failure.result, failure.message] as const;
        }
        throw failure;
      },
    );
    const timed = this.course.inOrder();
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

/** Pulumi's own engine, the `pulumi` on the PATH, with a file backend in a folder of its own. */
export class PulumiEngine implements Engine {
  private constructor(private readonly stack: Stack) {}

  static async create(world: FileCloud, config: Config, home: string): Promise<PulumiEngine> {
    const { LocalWorkspace } = await import("@pulumi/pulumi/automation");
    const program = async () => declare(pulumi, world.program);
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
    const course = new Course();
    const errors: string[] = [];
    let summary: Record<string, number> = {};
    const onEvent = (event: import("@pulumi/pulumi/automation").EngineEvent) => {
      const start = event.resourcePreEvent?.metadata;
      // Default providers are among the events, although the CLI shows them to nobody.
      if (start !== undefined && !isDefaultProvider(start.urn)) {
        course.begin(start.op, start.urn);
      }
      const end = (event.resOutputsEvent ?? event.resOpFailedEvent)?.metadata;
      // Of a component it is told when its outputs come, long after its step.
      if (end !== undefined && (end.old ?? end.new)?.custom) {
        course.end(end.op, end.urn);
      }
      if (event.diagnosticEvent?.severity === "error") {
        errors.push(event.diagnosticEvent.message.replace(/<\{%.*?%\}>/g, "").trim());
      }
      summary = { ...summary, ...event.summaryEvent?.resourceChanges };
    };
    try {
      await this.stack[operation]({ ...options, onEvent } as never);
    } catch (error) {
      return { steps: course.inOrder(), summary, error: errors.join("\n") || String(error) };
    }
    return { steps: course.inOrder(), summary };
  }

  state = async () => (await this.stack.exportStack()) as unknown as ExportedDeployment;
  outputs = () => this.stack.outputs() as Promise<Record<string, { value: unknown; secret: boolean }>>;
  load = (state: ExportedDeployment) => this.stack.importStack(state as never);

  async close(): Promise<void> {
    await this.stack.workspace.removeStack("dev", { force: true });
  }
}
