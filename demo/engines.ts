import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { createStack, type OfflineStack } from "../src/engine";
import { awsStandIns } from "../src/testing/standIns";
import { cloudIn } from "../test/plugins/cloud";
import { installAwsPlugin } from "../test/plugins/install";
import { findEngine, type RealEngine, titleOf } from "../tools/engine";

/** What the demo asks of an engine. Each operation prints what it does, with `diff` property by property. */
export interface Engine {
  readonly title: string;
  setConfig(key: string, value: string, options?: { secret: boolean }): Promise<void>;
  preview(options?: { diff: boolean }): Promise<void>;
  up(): Promise<void>;
  refresh(options?: { diff: boolean }): Promise<void>;
  destroy(): Promise<void>;
  outputs(): Promise<Record<string, unknown>>;
  /** The state that the stack keeps of a resource. */
  resource(name: string): Promise<Record<string, unknown>>;
  /** The state as `pulumi stack export` prints it. */
  exportState(): Promise<unknown>;
  close(): Promise<void>;
}

const ROOT = resolve(__dirname, "..");
/** The folders with the Pulumi.yaml of the examples. */
const PROJECTS = {
  quickstart: ROOT,
  "partner-onboarding": join(ROOT, "examples", "partner-onboarding"),
  "protected-vault": join(ROOT, "examples", "protected-vault"),
  "customer-stack": join(ROOT, "examples", "customer-stack"),
};
type Project = keyof typeof PROJECTS;
const folderOf = (project: Project) => join(ROOT, "examples", project);
const print = (text: string) => process.stdout.write(text);

export type EngineName = "pulumi" | "offline";

/**
 * The engine asked for, with a stack of an example; without a name, Pulumi's own where it is: a `pulumi` on the PATH, or one that `npm run engine` has
 * built. Programs and providers run in this process's environment.
 */
export async function openEngine(name: EngineName | undefined, project: Project): Promise<Engine> {
  if (name === "offline") return openOffline(project);
  const engine = await findEngine();
  if (engine) return openPulumi(engine, project);
  if (name === "pulumi") {
    throw new Error(
      "--engine pulumi: there is no usable pulumi command on the PATH, and npm run engine has built none",
    );
  }
  return openOffline(project);
}

async function openOffline(project: Project): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), "aws-approvals-demo-"));
  const config: NonNullable<Parameters<typeof createStack>[0]["config"]> = {};
  const open = () =>
    createStack({
      program: { workDir: PROJECTS[project] },
      stack: "demo",
      config: { ...config },
      // The types of the examples are for tsc to check.
      env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
      stateFile: join(folder, "state.json"),
      passphrase: "demo",
      standIns: awsStandIns(cloudIn(process.env)),
      onOutput: print,
    });
  let stack: OfflineStack = open();
  return {
    title: "the offline engine of pulumi-aws-approvals/testing (Pulumi's own is not there, or not wanted)",
    async setConfig(key, value, { secret } = { secret: false }) {
      config[`${project}:${key}`] = secret ? { value, secret: true } : value;
      await stack.close();
      stack = open();
    },
    preview: async (options) => void (await stack.preview(options)),
    up: async () => void (await stack.up()),
    refresh: async (options) => void (await stack.refresh(options)),
    destroy: async () => void (await stack.destroy()),
    outputs: async () =>
      Object.fromEntries(Object.entries(await stack.outputs()).map(([key, { value }]) => [key, value])),
    resource: async (name) => find((await stack.exportState()).deployment, name),
    exportState: async () => stack.exportState(),
    async close() {
      await stack.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The program of the example, as an engine runs it that has no language host: loaded anew by every operation. */
const inlineProgram = (project: Project) => async (): Promise<Record<string, unknown>> => {
  const file = require.resolve(folderOf(project));
  delete require.cache[file];
  return require(file);
};

async function openPulumi(engine: RealEngine, project: Project): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), "aws-approvals-demo-"));
  await mkdir(join(folder, "state"));
  // A profile's credential_process reads the stack.
  process.env["PATH"] = [engine.folder, process.env["PATH"]].join(delimiter);
  const pulumiHome = join(folder, "home");
  await installAwsPlugin(pulumiHome);
  const options = {
    pulumiCommand: engine.command,
    pulumiHome,
    envVars: {
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "demo",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  };
  const settings = { name: project, runtime: "nodejs" } as const;
  await symlink(folderOf(project), join(folder, project));
  const stack = await (engine.runsFolders
    ? LocalWorkspace.createOrSelectStack(
        { stackName: "demo", workDir: folder },
        { ...options, projectSettings: { ...settings, main: project } },
      )
    : LocalWorkspace.createOrSelectStack(
        { stackName: "demo", projectName: project, program: inlineProgram(project) },
        { ...options, workDir: folder, projectSettings: { ...settings, main: ROOT } },
      ));
  let begun = "";
  const onOutput = (text: string) => {
    const lines = (begun + text).split("\n");
    begun = lines.pop() ?? "";
    // Its progress marks are for terminals.
    for (const line of lines) if (!line.startsWith("@ ")) print(`${line}\n`);
  };
  return {
    title: `${titleOf(engine)}, with its file backend in a temporary folder`,
    setConfig: (key, value, options) => stack.setConfig(`${project}:${key}`, { value, ...options }),
    preview: async (options) => void (await stack.preview({ onOutput, ...options })),
    up: async () => void (await stack.up({ onOutput })),
    refresh: async (options) => void (await stack.refresh({ onOutput, ...options })),
    destroy: async () => void (await stack.destroy({ onOutput })),
    outputs: async () =>
      Object.fromEntries(Object.entries(await stack.outputs()).map(([key, { value }]) => [key, value])),
    resource: async (name) => find((await stack.exportStack()).deployment, name),
    exportState: () => stack.exportStack(),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Deployment {
  resources?: { urn: string; outputs?: Record<string, unknown> }[];
}

const find = ({ resources = [] }: Deployment, name: string) =>
  resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs ?? {};
