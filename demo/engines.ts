import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import {
  type EngineEvent,
  LocalWorkspace,
  type OutputMap,
  type ResOutputsEvent,
} from "@pulumi/pulumi/automation";
import { createStack, type OperationResult } from "../src/engine";
import { connectAnew } from "../src/sdk";
import { awsStandIns } from "../src/testing/standIns";
import { cloudIn } from "../test/plugins/cloud";
import { installAwsPlugin } from "../test/plugins/install";
import { findEngine, type RealEngine, titleOf as titleOfReal } from "../tools/engine";
import type { Change } from "./changes";
import type { Play } from "./story";

/** What an operation did. */
export interface Result {
  changes: Change[];
  /** What the provider and the program said. */
  messages: string[];
  /** The stack's outputs before it and after it. */
  before: Outputs;
  outputs: Outputs;
}

type Outputs = Readonly<Record<string, unknown>>;
/** Settings of the example, by their names in its program. */
export type Config = Readonly<Record<string, string>>;

/** What the demo asks of an engine. */
export interface Engine {
  setConfig(key: string, value: string, options?: { secret: boolean }): Promise<void>;
  preview(): Promise<Result>;
  /** With `refresh`, after looking what has become of the resources. */
  up(options?: { refresh: boolean }): Promise<Result>;
  destroy(options?: { refresh: boolean }): Promise<Result>;
  /** The state as `pulumi stack export` prints it. */
  exportState(): Promise<unknown>;
  close(): Promise<void>;
}

const ROOT = resolve(__dirname, "..");
const folderOf = (example: Play) => join(ROOT, "examples", example);

export type EngineName = "pulumi" | "offline";

/** How one speaks of the engine that {@link openEngine} opens. */
export async function titleOf(name: EngineName): Promise<string> {
  return name === "pulumi"
    ? titleOfReal(await findPulumi())
    : "the offline one of pulumi-aws-approvals/testing (--engine pulumi takes Pulumi's own)";
}

/** The engine asked for, with a stack of an example. Programs and providers run in this process's environment. */
export async function openEngine(name: EngineName, example: Play, config: Config): Promise<Engine> {
  return name === "pulumi" ? openPulumi(await findPulumi(), example, config) : openOffline(example, config);
}

let found: ReturnType<typeof findEngine> | undefined;

/** A `pulumi` on the PATH, or one that `npm run engine` has built. */
async function findPulumi(): Promise<RealEngine> {
  found ??= findEngine();
  const real = await found;
  if (real) return real;
  throw new Error(
    "--engine pulumi: there is no usable pulumi command on the PATH, and npm run engine has built none",
  );
}

/** The program of an example in this process, which saves the start of another: loaded anew by every operation. */
const inlineProgram = (example: Play) => async (): Promise<Record<string, unknown>> => {
  const file = require.resolve(folderOf(example));
  delete require.cache[file];
  return require(file);
};

async function openOffline(example: Play, given: Config): Promise<Engine> {
  const keyOf = (key: string) => `${example}:${key}`;
  const config: NonNullable<Parameters<typeof createStack>[0]["config"]> = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [keyOf(key), value]),
  );
  const stack = createStack({
    project: example,
    stack: "demo",
    program: inlineProgram(example),
    config,
    standIns: awsStandIns(cloudIn(process.env)),
  });
  let outputs: Outputs = {};
  const act = async (operation: Promise<OperationResult>): Promise<Result> => {
    const { steps, diagnostics, outputs: after } = await operation;
    const before = outputs;
    outputs = plainOutputs(after);
    return {
      changes: steps.map(({ op, type, urn, replaceKeys }) => ({ op, type, name: nameOf(urn), replaceKeys })),
      messages: diagnostics
        .filter(({ severity }) => severity !== "debug")
        .map(({ message }) => message.trim()),
      before,
      outputs,
    };
  };
  return {
    async setConfig(key, value, { secret } = { secret: false }) {
      config[keyOf(key)] = secret ? { value, secret: true } : value;
      stack.setConfig(config);
    },
    preview: () => act(stack.preview()),
    up: (options) => act(stack.up(options)),
    destroy: (options) => act(stack.destroy(options)),
    exportState: async () => stack.exportState(),
    close: () => stack.close(),
  };
}

async function openPulumi(engine: RealEngine, example: Play, given: Config): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), "aws-approvals-demo-"));
  await mkdir(join(folder, "state"));
  // A profile's credential_process reads the stack.
  process.env["PATH"] = [engine.folder, process.env["PATH"]].join(delimiter);
  const pulumiHome = join(folder, "home");
  await installAwsPlugin(pulumiHome);
  const config = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [`${example}:${key}`, value]),
  );
  const options = {
    pulumiCommand: engine.command,
    pulumiHome,
    stackSettings: { demo: { config } },
    envVars: {
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "demo",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  };
  const settings = { name: example, runtime: "nodejs" } as const;
  connectAnew();
  await symlink(folderOf(example), join(folder, example));
  const stack = await (engine.runsFolders
    ? LocalWorkspace.createStack(
        { stackName: "demo", workDir: folder },
        { ...options, projectSettings: { ...settings, main: example } },
      )
    : LocalWorkspace.createStack(
        { stackName: "demo", projectName: example, program: inlineProgram(example) },
        { ...options, workDir: folder, projectSettings: { ...settings, main: ROOT } },
      ));
  let outputs: Outputs = {};
  const act = async (
    operation: (options: {
      onEvent(event: EngineEvent): void;
    }) => Promise<{ stdout: string; outputs?: OutputMap }>,
  ): Promise<Result> => {
    const changes: Change[] = [];
    const messages: string[] = [];
    const onEvent = ({ resOutputsEvent: done, diagnosticEvent: said }: EngineEvent) => {
      if (done) changes.push(changeOf(done.metadata));
      if (said && SHOWN.has(said.severity)) messages.push(said.message.replace(COLOURS, "").trim());
    };
    const { outputs: after } = await operation({ onEvent });
    const before = outputs;
    outputs = after ? plainOutputs(after) : {};
    return { changes, messages, before, outputs };
  };
  return {
    setConfig: (key, value, options) => stack.setConfig(`${example}:${key}`, { value, ...options }),
    preview: () => act((options) => stack.preview(options)),
    up: (given) => act((options) => stack.up({ ...options, ...given })),
    destroy: (given) => act((options) => stack.destroy({ ...options, ...given })),
    exportState: () => stack.exportStack(),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The engine sends more kinds of messages than the SDK's types name: those for debugging are left out. */
const SHOWN: ReadonlySet<string> = new Set(["info", "info#err", "warning", "error"]);

/** Marks in the engine's messages, such as `<{%reset%}>`. */
const COLOURS = /<\{%[^%]*%\}>/g;

const changeOf = ({ op, type, urn, keys }: ResOutputsEvent["metadata"]): Change => ({
  op,
  type,
  name: nameOf(urn),
  replaceKeys: keys ?? [],
});

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

const plainOutputs = (outputs: Readonly<Record<string, { value: unknown }>>): Outputs =>
  Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));
