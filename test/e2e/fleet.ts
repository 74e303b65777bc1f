// Runs examples/fleet as a process of its own, on Pulumi's engine, the embedded AWS and a file backend.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Call, startEmulator, type TestEmulator, VENDOR_ACCOUNT } from "../../src/testing";
import { installAwsPlugin } from "../plugins/install";

const ROOT = resolve(__dirname, "../..");
const PROGRAM = join(ROOT, "examples/fleet/index.ts");

export interface FleetResult {
  seconds: number;
  customers: {
    name: string;
    account: string;
    link?: string;
    requestId?: string;
    state?: string;
    asked?: boolean;
    error?: string;
  }[];
}

export interface FleetRun {
  child: ChildProcess;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
}

export const customerName = (i: number): string => `customer-${i}`;
export const customerAccount = (i: number): string => String(200_000_000_000 + i);

export class Fleet {
  /** Is told of every call of the emulator. */
  onCall: (call: Call) => void = () => {};

  private constructor(
    /** Has the CSV file, and what the stacks keep beside it. */
    readonly folder: string,
    readonly emulator: TestEmulator,
  ) {}

  static async open(): Promise<Fleet> {
    const folder = await mkdtemp(join(tmpdir(), "aws-approvals-fleet-"));
    const opened: { fleet?: Fleet } = {};
    const emulator = await startEmulator({
      intercept: (call) => {
        opened.fleet?.onCall(call);
        return undefined;
      },
    });
    opened.fleet = new Fleet(folder, emulator);
    await mkdir(join(folder, "state"));
    // Providers are started in the folder of the CSV file.
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    await installAwsPlugin(join(folder, "home"));
    return opened.fleet;
  }

  async writeCustomers(count: number): Promise<void> {
    const template = "arn:aws:iam:::delegation-template/example/backup";
    const lines = Array.from(
      { length: count },
      (_, i) => `${customerName(i)},${customerAccount(i)},${template},"Workspace ${i}, ticket ${4711 + i}"`,
    );
    const csv = ["name,account,template,reference", ...lines, ""].join("\n");
    await writeFile(join(this.folder, "customers.csv"), csv);
  }

  start(...args: string[]): FleetRun {
    const env = {
      PATH: process.env["PATH"],
      HOME: join(this.folder, "home"),
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "of the tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      AWS_ENDPOINT_URL: this.emulator.endpoint,
      AWS_ACCESS_KEY_ID: VENDOR_ACCOUNT,
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_REGION: "us-east-1",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    };
    const file = join(this.folder, "customers.csv");
    const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, file, ...args], {
      ...{ cwd: ROOT, env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const printed = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        printed[stream] += text;
      });
    }
    const ended = new Promise<Awaited<FleetRun["ended"]>>((done, failed) => {
      child.once("error", failed);
      child.once("close", (code, signal) => done({ ...printed, code, signal }));
    });
    return { child, ended };
  }

  /** A whole run. @throws Error with what it printed, if it failed */
  async run(...args: string[]): Promise<FleetResult> {
    const { code, stdout, stderr } = await this.start("--json", ...args).ended;
    if (code !== 0) throw new Error(`it ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout);
  }

  /** How many requests AWS has taken. */
  requestsMade(): number {
    return this.emulator.calls.filter(
      ({ operation, status }) => operation === "CreateDelegationRequest" && status === 200,
    ).length;
  }

  async close(): Promise<void> {
    await this.emulator.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
