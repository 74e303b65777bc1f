import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type EngineEvent, LocalWorkspace, type PulumiCommand } from "@pulumi/pulumi/automation";
import {
  createStack,
  type ExportedDeployment,
  type OfflineStack,
  OperationFailedError,
  type Output,
  type Program,
  type ProjectFolder,
} from "../../src/engine";
import { runExclusively } from "../../src/engine/inlineRun";
import { connectAnew } from "../../src/sdk";
import { awsStandIns } from "../../src/testing/standIns";
import { withoutListenersLeft } from "../automationListeners";
import { cloudIn } from "../plugins/cloud";
import { installAwsPlugin, installPlugin } from "../plugins/install";
import { realEngine } from "../realEngine";

export type Operation = "preview" | "up" | "refresh" | "destroy";
export type Deployment = ExportedDeployment["deployment"];

export interface Run {
  /** The steps made, or planned by a preview, as `op name`, sorted; without `same`, the stack and providers. */
  changes: string[];
  /** The same steps, with URNs and types. */
  steps: SeenStep[];
  /** The properties that require a replacement. */
  replaceKeys: string[];
  warnings: string[];
  /** Empty when the operation succeeded. */
  errors: string[];
  /** Everything the user saw. */
  text: string;
}

export interface StackSettings {
  /** A function is called by every operation; the project of a folder must be named {@link PROJECT}. */
  program: Program | ProjectFolder;
  config?: Record<string, string | { value: string; secret: true }>;
  env: Record<string, string>;
  /** The offline engine then serves our provider in this process. The real engine always starts one. */
  inlineProvider?: boolean;
}

/** A stack on either engine. A failed operation does not throw: its result has the errors. */
export interface Stack {
  /** @param options `refresh`: before a preview or an update, in the same operation */
  run(operation: Operation, options?: { refresh?: true }): Promise<Run>;
  /** What `pulumi preview --json --show-sames --show-replacement-steps` prints, also of a preview that fails. */
  previewJson(): Promise<string>;
  /** Replaces the configuration. */
  configure(config: NonNullable<StackSettings["config"]>): Promise<void>;
  outputs(): Promise<Record<string, Output>>;
  /** The state as the backend stores it, with secrets encrypted. */
  state(): Promise<Deployment>;
  load(state: ExportedDeployment): Promise<void>;
  close(): Promise<void>;
}

export interface Engine {
  title: string;
  /** Whether provider plugins can be used. */
  runsPlugins: boolean;
  open(settings: StackSettings): Promise<Stack>;
}

const ROOT = resolve(__dirname, "../..");
export const PROJECT = "proj";
const STACK = "dev";
const PASSPHRASE = "of the tests";

export interface SeenStep {
  op: string;
  urn: string;
  type: string;
}

/** Not the stack or a provider, which the engine itself adds. */
const isOurs = ({ type }: SeenStep) =>
  type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:");

const changesOf = (steps: SeenStep[]) => steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort();
/** Without duplicates: the real engine's preview reports a component twice. */
const changing = (steps: SeenStep[]) => {
  const changes = steps.filter((step) => step.op !== "same" && isOurs(step));
  return [...new Map(changes.map((step) => [`${step.op} ${step.urn}`, step])).values()];
};

const unique = (list: string[]) => [...new Set(list)].sort();

export const offline: Engine = {
  title: "offline engine",
  runsPlugins: false,
  async open({ program, config, env, inlineProvider }) {
    let text = "";
    const stack: OfflineStack = createStack({
      ...{ program, env, project: PROJECT, stack: STACK, passphrase: PASSPHRASE },
      ...(inlineProvider && { inlineProvider }),
      ...(typeof program === "function" && { cwd: ROOT }),
      ...(config && { config }),
      standIns: awsStandIns(cloudIn(env)),
      onOutput: (part) => {
        text += part;
      },
    });
    return {
      async run(operation, options) {
        text = "";
        const result = await stack[operation](options).catch((error: unknown) => {
          if (error instanceof OperationFailedError) return error.result;
          throw error;
        });
        const messagesOf = (severity: string) =>
          result.diagnostics.filter((one) => one.severity === severity).map(({ message }) => message);
        const steps = changing(result.steps);
        return {
          changes: changesOf(steps),
          steps,
          replaceKeys: unique(result.steps.flatMap(({ replaceKeys }) => replaceKeys)),
          warnings: messagesOf("warning"),
          errors: messagesOf("error"),
          text,
        };
      },
      async previewJson() {
        text = "";
        await stack.preview({ json: true, showSames: true, showReplacementSteps: true }).catch(ignoreFailure);
        return text;
      },
      configure: async (settings) => stack.setConfig(settings),
      outputs: async () => stack.outputs(),
      state: async () => stack.exportState().deployment,
      load: (state) => stack.importState(state),
      close: () => stack.close(),
    };
  },
};

const ignoreFailure = (error: unknown) => {
  if (!(error instanceof OperationFailedError)) throw error;
};

export interface RealStack extends Stack {
  /** @param streaming the form with an event a line */
  previewJson(streaming?: boolean): Promise<string>;
  run(
    operation: Operation,
    options?: {
      refresh?: true;
      clearPendingCreates?: true;
      runProgram?: true;
      diff?: true;
      policyPacks?: string[];
    },
  ): Promise<Run>;
  /** The environment in which commands of the CLI find the stack. */
  environment(): Record<string, string | undefined>;
  /** Runs a command of the CLI. @returns what it printed, and its exit code */
  command(...args: string[]): Promise<{ code: number; text: string }>;
  /** Removes the lock that a killed engine leaves behind. */
  unlock(): Promise<void>;
}

/** What the Automation API's declarations leave out. */
type RunnableCommand = PulumiCommand & {
  run(args: string[], cwd: string, env: Record<string, string>, ...rest: unknown[]): Promise<unknown>;
};

/** Pulumi's own engine with a file backend in a folder of its own, driven by Pulumi's Automation API. */
export const pulumi = {
  title: "Pulumi's engine",
  runsPlugins: true,
  async open({ program, config = {}, env }: StackSettings): Promise<RealStack> {
    connectAnew();
    const folder = await mkdtemp(join(tmpdir(), "aws-approvals-e2e-"));
    const backend = join(folder, "state");
    await mkdir(backend);
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const home = join(folder, "home");
    await installAwsPlugin(home);
    await installPlugin(home);
    const options = {
      pulumiHome: home,
      envVars: {
        ...env,
        PULUMI_BACKEND_URL: `file://${backend}`,
        PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    };
    const stack = await (typeof program === "function"
      ? LocalWorkspace.createOrSelectStack(
          {
            projectName: PROJECT,
            stackName: STACK,
            program: async () => program() as Record<string, unknown>,
          },
          { ...options, workDir: folder },
        )
      : LocalWorkspace.createOrSelectStack({ stackName: STACK, workDir: program.workDir }, options));
    let configured: string[] = [];
    const configure = async (next: typeof config) => {
      const gone = configured.filter((key) => !(key in next));
      if (gone.length > 0) await stack.removeAllConfig(gone);
      configured = Object.keys(next);
      const settings = Object.entries(next).map(([key, value]) => [
        key,
        typeof value === "string" ? { value } : value,
      ]);
      if (settings.length > 0) await stack.setAllConfig(Object.fromEntries(settings));
    };
    await configure(config);
    const environment = () => ({ ...process.env, ...options.envVars, PULUMI_HOME: home });
    return {
      configure,
      environment,
      async run(operation, more) {
        const events: EngineEvent[] = [];
        let text = "";
        let failed = false;
        const show = (part: string) => {
          text += part;
        };
        const onEvent = (event: EngineEvent) => void events.push(event);
        const options = { color: "never", onEvent, onOutput: show, onError: show, ...more } as const;
        const operate: () => Promise<unknown> = () => stack[operation](options);
        // An inline program runs in this process, so the environment is set here.
        const run = () => (typeof program === "function" ? runExclusively(env, operate) : operate());
        await withoutListenersLeft(run).catch(() => {
          failed = true;
        });
        const steps = changing(events.flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? []));
        const planned = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
        const messagesOf = (severity: string) =>
          events
            .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
            .filter((one) => one.severity === severity)
            .map(({ message }) => message.trimEnd());
        // The engine ends a failed operation with one more error, such as "update failed".
        const errors = messagesOf("error").filter((message) => !/^\w+ failed$/.test(message));
        return {
          changes: changesOf(steps),
          steps,
          replaceKeys: unique(planned.filter(({ op }) => op === "replace").flatMap(({ keys }) => keys ?? [])),
          warnings: messagesOf("warning"),
          errors: failed && errors.length === 0 ? [text] : errors,
          text,
        };
      },
      async previewJson(streaming = false) {
        const pulumiCommand = stack.workspace.pulumiCommand as RunnableCommand;
        const { run } = pulumiCommand;
        const more: Record<string, string> = streaming
          ? { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" }
          : {};
        let text = "";
        // The Automation API has no option for it.
        pulumiCommand.run = (args, cwd, vars, ...rest) =>
          args[0] === "preview"
            ? run.call(
                pulumiCommand,
                [...args, "--json", "--show-sames", "--show-replacement-steps"],
                cwd,
                { ...vars, ...more },
                ...rest,
              )
            : run.call(pulumiCommand, args, cwd, vars, ...rest);
        const onOutput = (part: string) => {
          text += part;
        };
        const operate = () => stack.preview({ onOutput, onError: () => undefined });
        try {
          await (typeof program === "function" ? runExclusively(env, operate) : operate());
        } catch {
          // The text says how it has failed.
        } finally {
          pulumiCommand.run = run;
        }
        return text;
      },
      outputs: () => stack.outputs(),
      async state() {
        const file = join(backend, ".pulumi", "stacks", PROJECT, `${STACK}.json`);
        return JSON.parse(await readFile(file, "utf8")).checkpoint.latest;
      },
      load: (state) => stack.importStack(state as never),
      async command(...args) {
        const { pulumiCommand, workDir: cwd } = stack.workspace;
        const env = environment();
        const all = [...args, "--color", "never", "--non-interactive"];
        const {
          code = 0,
          stdout,
          stderr,
        } = (await promisify(execFile)(pulumiCommand.command, all, { cwd, env }).catch(
          (error: { code: number; stdout: string; stderr: string }) => error,
        )) as { code?: number; stdout: string; stderr: string };
        return { code, text: `${stdout}${stderr}` };
      },
      unlock: () => stack.cancel(),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
} satisfies Engine;

/** What the tests run on: the offline engine, or the real one under `npm run test:engine`. */
export const engines: Engine[] = [realEngine ? pulumi : offline];
