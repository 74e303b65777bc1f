import { execFileSync } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { CreateDelegationRequestCommand, GetDelegationRequestCommand, IAMClient } from "@aws-sdk/client-iam";
import { LocalWorkspace, type PulumiCommand } from "@pulumi/pulumi/automation";
import { type Emulator, startEmulator } from "../src/emulator";
import { createStack } from "../src/engine";
import { findEngine } from "../tools/engine";
import { credentialRows } from "./credentials";
import { frontRows, processRows } from "./fronts";
import { mailboxRows } from "./mailbox";
import { asked } from "./request";
import { throttledRows } from "./throttled";
import { timed } from "./timed";
import { warmRows } from "./warm";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const USAGE = `Measures this package against what one would do instead, on the embedded AWS.

  npm run bench [-- COUNT ...]      how many delegation requests; default: 1 100 1000`;

const PROGRAMS = ["ours", "handwritten"] as const;
type Program = (typeof PROGRAMS)[number];
const OPERATIONS = ["preview", "up", "unchanged up", "refresh", "destroy"] as const;
type Operation = (typeof OPERATIONS)[number];

interface Measured {
  /** Milliseconds. */
  times: Record<Operation, number>;
  bytesPerResource: number;
}

interface Stack {
  preview(): Promise<unknown>;
  up(): Promise<unknown>;
  refresh(): Promise<unknown>;
  destroy(): Promise<unknown>;
  state(): Promise<{ resources?: object[] }>;
  close(): Promise<void>;
}

type Engine = (program: Program, count: number, emulator: Emulator) => Promise<Stack>;

const environment = ({ endpoint }: Emulator) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: "000000000000",
  AWS_SECRET_ACCESS_KEY: "bench",
  AWS_REGION: "us-east-1",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  // Type checks would be most of what is measured, and the same for all.
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
});

const offline: Engine = async (program, count, emulator) => {
  const stack = createStack({
    program: { workDir: join(__dirname, program) },
    config: { count: String(count) },
    env: environment(emulator),
    onOutput: () => {},
  });
  return {
    preview: () => stack.preview(),
    up: () => stack.up(),
    refresh: () => stack.refresh(),
    destroy: () => stack.destroy(),
    state: async () => (await stack.exportState()).deployment,
    close: () => stack.close(),
  };
};

const pulumi =
  (pulumiCommand: PulumiCommand): Engine =>
  async (program, count, emulator) => {
    const folder = await mkdtemp(join(tmpdir(), "aws-approvals-bench-"));
    await symlink(join(__dirname, program), join(folder, program));
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "dev", workDir: folder },
      {
        projectSettings: { name: "bench", runtime: "nodejs", main: `${program}/index.ts` },
        pulumiCommand,
        pulumiHome: join(folder, "home"),
        envVars: {
          ...environment(emulator),
          PULUMI_BACKEND_URL: `file://${folder}`,
          PULUMI_CONFIG_PASSPHRASE: "bench",
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
      },
    );
    await stack.setConfig("count", { value: String(count) });
    return {
      preview: () => stack.preview(),
      up: () => stack.up(),
      refresh: () => stack.refresh(),
      destroy: () => stack.destroy(),
      state: async () => (await stack.exportStack()).deployment,
      close: () => rm(folder, { recursive: true, force: true }),
    };
  };

async function measure(engine: Engine, program: Program, count: number): Promise<Measured> {
  const emulator = await startEmulator();
  const stack = await engine(program, count, emulator);
  try {
    const preview = await timed(stack.preview);
    const up = await timed(stack.up);
    const { resources = [] } = await stack.state();
    const ours = resources.filter((resource) => JSON.stringify(resource).includes("delegation-template"));
    return {
      times: {
        preview,
        up,
        "unchanged up": await timed(stack.up),
        refresh: await timed(stack.refresh),
        destroy: await timed(stack.destroy),
      },
      bytesPerResource:
        ours.reduce((sum, resource) => sum + JSON.stringify(resource).length, 0) / ours.length,
    };
  } finally {
    await stack.close();
    await emulator.close();
  }
}

/** The calls of an `up` by the SDK alone: what no engine can be faster than. */
async function sdkAlone(count: number): Promise<number> {
  const emulator = await startEmulator();
  const credentials = { accessKeyId: "000000000000", secretAccessKey: "bench" };
  const iam = new IAMClient({ endpoint: emulator.endpoint, region: "us-east-1", credentials });
  const once = async (i: number) => {
    const { DelegationRequestId } = await iam.send(
      new CreateDelegationRequestCommand({
        Description: asked.description,
        Permissions: {
          PolicyTemplateArn: asked.permissions.policyTemplateArn,
          Parameters: asked.permissions.parameters.map(({ name, type, values }) => ({
            Name: name,
            Type: type,
            Values: values,
          })),
        },
        RequestorWorkflowId: `bench-${i}`,
        NotificationChannel: asked.notificationChannel,
        SessionDuration: asked.sessionDuration,
      }),
    );
    await iam.send(new GetDelegationRequestCommand({ DelegationRequestId }));
  };
  try {
    const parallel = 4 * availableParallelism();
    return await timed(async () => {
      for (let i = 0; i < count; i += parallel) {
        await Promise.all(Array.from({ length: Math.min(parallel, count - i) }, (_, j) => once(i + j)));
      }
    });
  } finally {
    iam.destroy();
    await emulator.close();
  }
}

/** Milliseconds that `node -e code` takes, the best of five. */
function loading(code: string): number {
  const runs = Array.from({ length: 5 }, () => {
    const start = performance.now();
    execFileSync(process.execPath, ["-e", code], { cwd: join(__dirname, "..") });
    return performance.now() - start;
  });
  return Math.min(...runs);
}

const table = (rows: (string | number)[][]) => {
  const [head = [], ...body] = rows.map((row) =>
    row.map((cell) => (typeof cell === "number" ? cell.toFixed(0) : cell)),
  );
  const line = (row: string[]) => console.log(`| ${row.join(" | ")} |`);
  line(head);
  line(head.map((_, i) => (i < 3 ? "---" : "---:")));
  body.forEach(line);
  console.log();
};

async function main() {
  const args = process.argv.slice(2);
  if (args.includes("--help")) return console.log(USAGE);
  const counts = args.length > 0 ? args.map(Number) : [1, 100, 1000];
  if (!counts.every((count) => Number.isInteger(count) && count > 0)) throw new Error(USAGE);
  const real = await findEngine();
  const cli = real?.runsFolders ? real.command : undefined;

  console.log(
    `Node ${process.version}, ${availableParallelism()} cores, ${new Date().toISOString().slice(0, 10)}.`,
  );
  console.log(
    "Milliseconds for each operation on a stack of delegation requests with five parameters, one sample each;",
  );
  console.log(
    "handwritten: an inline dynamic provider that only creates. SDK alone: the AWS calls of the same up.\n",
  );
  const rows: (string | number)[][] = [];
  const sizes: (string | number)[][] = [];
  for (const count of counts) {
    const sdk = await sdkAlone(count);
    for (const [name, engine] of [
      ["offline", offline],
      ...(cli ? [[`pulumi ${cli.version}`, pulumi(cli)]] : []),
    ] as const) {
      const measured = {} as Record<Program, Measured>;
      for (const program of PROGRAMS) {
        measured[program] = await measure(engine as Engine, program, count);
        const { times } = measured[program];
        rows.push([count, name as string, program, ...OPERATIONS.map((operation) => times[operation]), sdk]);
      }
      const { ours, handwritten } = measured;
      const ratio = (operation: Operation) =>
        (ours.times[operation] / handwritten.times[operation]).toFixed(2);
      rows.push([count, name as string, "ours / handwritten", ...OPERATIONS.map(ratio), ""]);
      sizes.push([
        count,
        name as string,
        "bytes of state a resource",
        ours.bytesPerResource,
        handwritten.bytesPerResource,
        (ours.bytesPerResource / handwritten.bytesPerResource).toFixed(2),
      ]);
    }
  }
  table([["requests", "engine", "program", ...OPERATIONS, "SDK alone"], ...rows]);
  table([["requests", "engine", "", "ours", "handwritten", "ratio"], ...sizes]);

  if (real) {
    console.log(
      `Both fronts on Pulumi's engine ${real.command.version}, and providers of both kinds that do nothing.\n`,
    );
    const columns = [...OPERATIONS, "bytes of state a resource"];
    table([["requests", "front", ...columns], ...(await frontRows(counts, real.command))]);
  }
  table([["provider process", "ms to start", "MiB"], ...(await processRows())]);

  const bare = loading('require("@pulumi/pulumi")');
  const index = loading('require("@pulumi/pulumi"); require("pulumi-aws-approvals")');
  table([
    ["loading", "ms", "ratio"],
    ['`require("@pulumi/pulumi")`', bare, "1.00"],
    ["with `pulumi-aws-approvals`", index, (index / bare).toFixed(2)],
  ]);
  table([["`testStack` of ten requests", "ms"], ...(await warmRows())]);
  table([["`up` of 1000 requests where AWS takes 20 a second", ""], ...(await throttledRows())]);
  table([["credentials", "ms", "ratio to bare Node"], ...(await credentialRows())]);
  table([["mailbox", "", "ratio to the AWS SDK alone"], ...(await mailboxRows())]);
  if (!cli) console.log("There is no whole Pulumi CLI on the PATH: the real engine was not measured.");
}

main().catch((error: Error) => {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
});
