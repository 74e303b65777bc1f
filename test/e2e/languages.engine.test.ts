// The quickstart in Python and in Go, with SDKs made of schema.json, on Pulumi's own engine. Pulumi's Automation API of
// each language is the program's host: the hosts that the CLI starts cannot be built from a published Go module.

import { execFile, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { leaveOut } from "../leaveOut";
import { onThePath } from "../onThePath";
import { installPlugin } from "../plugins/install";
import { AwsFixture } from "./awsFixture";

const ROOT = resolve(__dirname, "../..");
const EXAMPLES = join(ROOT, "docs/examples");
const DRIVERS = join(__dirname, "languages");

let folder: string;
let fixture: AwsFixture;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-approvals-languages-"));
  fixture = await AwsFixture.open();
  await installPlugin(join(folder, "home"));
  await mkdir(join(folder, "state"));
});
afterEach(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(command: string, args: string[], { cwd = folder, env = {} } = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, {
    cwd,
    env: {
      ...process.env,
      ...fixture.env,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      ...{ PULUMI_CONFIG_PASSPHRASE: "of the tests", PULUMI_SKIP_UPDATE_CHECK: "true" },
      ...env,
    },
  });
  return stdout;
}

/** Writes what `pulumi package add` would add to the program. */
const generateSdk = (language: string, into: string) =>
  run("go", ["run", "./sdks", language, join(ROOT, "schema.json"), into], {
    cwd: join(ROOT, "tools"),
    env: { GOWORK: "off" },
  });

/** The programs that the schema has as examples. */
function examplesIn(ending: string): string[] {
  const all = readdirSync(EXAMPLES).filter((file) => file.endsWith(`.${ending}`));
  expect(all).not.toEqual([]);
  return all.map((file) => join(EXAMPLES, file));
}

function expectWholeLife(printed: string): void {
  const { steps, outputs } = JSON.parse(printed);
  expect(steps).toEqual([
    ["up", { create: 3 }],
    ["preview", { same: 3 }],
    ["refresh", { same: 3 }],
    ["destroy", { delete: 3 }],
  ]);
  expect(outputs).toEqual({
    identitySourceArn: expect.stringContaining(":identity-source/"),
    approvalPortalUrl: expect.stringContaining("http"),
    delegationRequestId: fixture.requests()[0]?.id,
    consoleDeepLink: expect.stringContaining("http"),
    state: "UNASSIGNED",
    tableArn: "arn:aws:dynamodb:us-east-1:000000000000:table/approvals",
  });
  expect(fixture.sources()).toEqual([]);
}

// Most of it is Go compiling Pulumi's SDK: two minutes on two quiet cores.
jest.setTimeout(1_800_000);

const hasGo = onThePath("go", "examples/go and examples/python, whose SDKs are made in Go");
const hasPulumi = spawnSync("python3", ["-c", "import pulumi"]).status === 0;
if (!hasPulumi) leaveOut("examples/python", "there is no python3 on the PATH that has pulumi");

(hasGo && hasPulumi ? describe : describe.skip)("Python", () => {
  const env = () => ({ PYTHONPATH: join(folder, "installed") });

  test("examples/python: up, unchanged, refresh, destroy; the schema's examples fit the SDK", async () => {
    const sdk = join(folder, "sdks/aws-approvals");
    await generateSdk("python", sdk);
    const options = ["--quiet", "--no-deps", "--target", env().PYTHONPATH];
    await run("python3", ["-m", "pip", "install", ...options, sdk]);
    const program = join(ROOT, "examples/python/__main__.py");
    expectWholeLife(await run("python3", [join(DRIVERS, "quickstart.py"), program], { env: env() }));
    const examples = examplesIn("py");
    const ran = await run("python3", [join(DRIVERS, "examples.py"), ...examples], { env: env() });
    expect(ran.trim().split("\n")).toEqual(examples);
  });
});

(hasGo ? describe : describe.skip)("Go", () => {
  test("examples/go: up, unchanged, refresh, destroy; the schema's examples fit the SDK", async () => {
    const cwd = join(folder, "program");
    await cp(join(ROOT, "examples/go"), cwd, { recursive: true });
    await generateSdk("go", join(cwd, "sdks/aws-approvals"));
    // The sums of the same SDK's requirements.
    await cp(join(ROOT, "tools/go.sum"), join(cwd, "go.sum"));
    await cp(join(DRIVERS, "quickstart_test.go"), join(cwd, "quickstart_test.go"));
    const env = { GOWORK: "off", GOFLAGS: "-mod=mod" };
    await run("go", ["test", "-c", "-o", "quickstart", "."], { cwd, env });
    expectWholeLife(await run(join(cwd, "quickstart"), [], { cwd }));
    const examples = examplesIn("go");
    for (const file of examples) await cp(file, join(cwd, "examples", basename(file, ".go"), "main.go"));
    await run("go", ["build", ...examples.map((file) => `./examples/${basename(file, ".go")}`)], {
      cwd,
      env,
    });
  });
});
