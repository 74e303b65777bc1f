import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { createStack, type OfflineStack } from "../src/testing/engine";
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
  close(): Promise<void>;
}

const ROOT = resolve(__dirname, "..");
const PROJECT = "quickstart";
const PROGRAM = join(ROOT, "examples", PROJECT);
const print = (text: string) => process.stdout.write(text);

export type EngineName = "pulumi" | "offline";

/**
 * The engine asked for; without a name, Pulumi's own where it is: a `pulumi` on the PATH, or one that `npm run engine` has
 * built. Programs and providers run in this process's environment.
 */
export async function openEngine(name: EngineName | undefined): Promise<Engine> {
  if (name === "offline") return openOffline();
  const engine = await findEngine();
  if (engine) return openPulumi(engine);
  if (name === "pulumi") {
    throw new Error(
      "--engine pulumi: there is no usable pulumi command on the PATH, and npm run engine has built none",
    );
  }
  return openOffline();
}

async function openOffline(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), "aws-approvals-demo-"));
  const config: NonNullable<Parameters<typeof createStack>[0]["config"]> = {};
  const open = () =>
    createStack({
      program: { workDir: ROOT },
      stack: "demo",
      config: { ...config },
      stateFile: join(folder, "state.json"),
      passphrase: "demo",
      onOutput: print,
    });
  let stack: OfflineStack = open();
  return {
    title: "the offline engine of pulumi-aws-approvals/testing (Pulumi's own is not there, or not wanted)",
    async setConfig(key, value, { secret } = { secret: false }) {
      config[`${PROJECT}:${key}`] = secret ? { value, secret: true } : value;
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
    async close() {
      await stack.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The program of the example, as an engine runs it that has no language host: loaded anew by every operation. */
async function inlineProgram(): Promise<Record<string, unknown>> {
  const file = require.resolve(PROGRAM);
  delete require.cache[file];
  return require(file);
}

async function openPulumi(engine: RealEngine): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), "aws-approvals-demo-"));
  await mkdir(join(folder, "state"));
  const options = {
    pulumiCommand: engine.command,
    pulumiHome: join(folder, "home"),
    envVars: {
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "demo",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  };
  const settings = { name: PROJECT, runtime: "nodejs" };
  await symlink(PROGRAM, join(folder, PROJECT));
  const stack = await (engine.runsFolders
    ? LocalWorkspace.createOrSelectStack(
        { stackName: "demo", workDir: folder },
        { ...options, projectSettings: { ...settings, main: PROJECT } },
      )
    : LocalWorkspace.createOrSelectStack(
        { stackName: "demo", projectName: PROJECT, program: inlineProgram },
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
    setConfig: (key, value, options) => stack.setConfig(`${PROJECT}:${key}`, { value, ...options }),
    preview: async (options) => void (await stack.preview({ onOutput, ...options })),
    up: async () => void (await stack.up({ onOutput })),
    refresh: async (options) => void (await stack.refresh({ onOutput, ...options })),
    destroy: async () => void (await stack.destroy({ onOutput })),
    outputs: async () =>
      Object.fromEntries(Object.entries(await stack.outputs()).map(([key, { value }]) => [key, value])),
    resource: async (name) => find((await stack.exportStack()).deployment, name),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Deployment {
  resources?: { urn: string; outputs?: Record<string, unknown> }[];
}

const find = ({ resources = [] }: Deployment, name: string) =>
  resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs ?? {};
