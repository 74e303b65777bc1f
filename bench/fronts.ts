// The dynamic provider and the plugin on Pulumi's engine, and beside each what the engine takes with a provider of the same
// kind that does nothing: the difference is ours.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import * as sdk from "@pulumi/pulumi";
import { LocalWorkspace, type PulumiCommand } from "@pulumi/pulumi/automation";
import { iam } from "pulumi-aws-approvals";
import * as plugin from "pulumi-aws-approvals/plugin";
import { version } from "../package.json";
import { startEmulator } from "../src/emulator";
import { connectAnew } from "../src/sdk";
import { packPlugin } from "../tools/plugin";
import { asked } from "./request";
import { timed } from "./timed";

const ROOT = resolve(__dirname, "..");

class DynamicFloor extends sdk.CustomResource {
  constructor(name: string) {
    const __provider = `exports.handler=()=>require(${JSON.stringify(join(__dirname, "floor.cjs"))})`;
    super("pulumi-nodejs:dynamic:Resource", name, { ...asked, __provider });
  }
}
class PluginFloor extends sdk.CustomResource {
  constructor(name: string) {
    super("floor:index:Thing", name, { ...asked }, { version: FLOOR_VERSION });
  }
}
const FLOOR_VERSION = "1.0.0";

const PROGRAMS: [string, (name: string) => unknown][] = [
  ["dynamic provider", (name) => new iam.DelegationRequest(name, asked)],
  ["plugin", (name) => new plugin.iam.DelegationRequest(name, asked)],
  ["dynamic provider that does nothing", (name) => new DynamicFloor(name)],
  ["plugin that does nothing", (name) => new PluginFloor(name)],
];

/** Rows of count, program, the milliseconds of preview, up, unchanged up, refresh and destroy, and bytes of state a resource. */
export async function frontRows(counts: readonly number[], pulumiCommand: PulumiCommand) {
  const rows: (string | number)[][] = [];
  const packed = await mkdtemp(join(tmpdir(), "aws-approvals-bench-plugin-"));
  try {
    await packPlugin(packed);
    for (const count of counts)
      for (const [title, declare] of PROGRAMS)
        rows.push([count, title, ...(await measure(count, declare, packed, pulumiCommand))]);
    return rows;
  } finally {
    await rm(packed, { recursive: true, force: true });
  }
}

async function measure(
  count: number,
  declare: (name: string) => unknown,
  packed: string,
  pulumiCommand: PulumiCommand,
): Promise<number[]> {
  const emulator = await startEmulator();
  const folder = await mkdtemp(join(tmpdir(), "aws-approvals-bench-"));
  try {
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const pulumiHome = join(folder, "home");
    await install(join(pulumiHome, "plugins"), packed);
    const program = async () => {
      for (let i = 0; i < count; i++) declare(`request-${i}`);
    };
    connectAnew();
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "dev", projectName: "bench", program },
      {
        ...{ workDir: folder, pulumiHome, pulumiCommand },
        envVars: {
          AWS_ENDPOINT_URL: emulator.endpoint,
          ...{ AWS_ACCESS_KEY_ID: "000000000000", AWS_SECRET_ACCESS_KEY: "bench", AWS_REGION: "us-east-1" },
          AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
          PULUMI_BACKEND_URL: `file://${folder}`,
          ...{ PULUMI_CONFIG_PASSPHRASE: "bench", PULUMI_SKIP_UPDATE_CHECK: "true" },
        },
      },
    );
    const preview = await timed(() => stack.preview());
    const up = await timed(() => stack.up());
    const { resources = [] } = (await stack.exportStack()).deployment as { resources?: object[] };
    const requests = resources
      .map((one) => JSON.stringify(one))
      .filter((text) => text.includes("delegation-template"));
    const bytes = requests.reduce((sum, text) => sum + text.length, 0) / count;
    const unchanged = await timed(() => stack.up());
    const refresh = await timed(() => stack.refresh());
    return [preview, up, unchanged, refresh, await timed(() => stack.destroy()), bytes];
  } finally {
    await rm(folder, { recursive: true, force: true });
    await emulator.close();
  }
}

/** Both plugins, where Pulumi keeps those that it has downloaded. */
async function install(plugins: string, packed: string): Promise<void> {
  await mkdir(plugins, { recursive: true });
  await cp(join(packed, "unpacked"), join(plugins, `resource-aws-approvals-v${version}`), {
    recursive: true,
  });
  const floor = join(plugins, `resource-floor-v${FLOOR_VERSION}`);
  await mkdir(floor);
  const start = `cd '${__dirname}' && exec '${process.execPath}' --require tsx/cjs floor.ts`;
  await writeFile(join(floor, "pulumi-resource-floor"), `#!/bin/sh\n${start}\n`, { mode: 0o755 });
}

const STARTS = 5;

/** Rows of the milliseconds until a provider process can be called, the best of five, and of its memory then, in MiB. */
export async function processRows(): Promise<(string | number)[][]> {
  const packed = await mkdtemp(join(tmpdir(), "aws-approvals-bench-plugin-"));
  try {
    await packPlugin(packed);
    const dynamic = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    return [
      ["plugin", ...(await started(join(packed, "unpacked/pulumi-resource-aws-approvals"), []))],
      ["dynamic provider", ...(await started(process.execPath, [dynamic]))],
    ];
  } finally {
    await rm(packed, { recursive: true, force: true });
  }
}

async function started(command: string, args: string[]): Promise<[number, number]> {
  const runs: [number, number][] = [];
  while (runs.length < STARTS) {
    const start = performance.now();
    const child = spawn(command, [...args, "127.0.0.1:1"], { stdio: ["pipe", "pipe", "ignore"] });
    await once(createInterface(child.stdout), "line");
    const time = performance.now() - start;
    const kibibytes = Number(
      execFileSync("ps", ["-o", "rss=", "-p", String(child.pid)], { encoding: "utf8" }),
    );
    runs.push([time, kibibytes / 1024]);
    child.kill();
    await once(child, "exit");
  }
  return [Math.min(...runs.map(([time]) => time)), Math.min(...runs.map(([, memory]) => memory))];
}
