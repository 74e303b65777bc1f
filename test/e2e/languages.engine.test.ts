// The quickstart in Python and in Go, with SDKs made of schema.json, on Pulumi's own engine. Pulumi's Automation API of
// each language is the program's host: the hosts that the CLI starts cannot be built from a published Go module.

import { execFile, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { leaveOut } from "../leaveOut";
import { onThePath } from "../onThePath";
import { installPlugin } from "../plugins/install";
import { AwsFixture } from "./awsFixture";

const ROOT = resolve(__dirname, "../..");
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
  });
  expect(fixture.sources()).toEqual([]);
}

const hasGo = onThePath("go", "examples/go and examples/python, whose SDKs are made in Go");
const hasPulumi = spawnSync("python3", ["-c", "import pulumi"]).status === 0;
if (!hasPulumi) leaveOut("examples/python", "there is no python3 on the PATH that has pulumi");

(hasGo && hasPulumi ? test : test.skip)("examples/python: up, unchanged, refresh, destroy", async () => {
  const sdk = join(folder, "sdks/aws-approvals");
  await generateSdk("python", sdk);
  const PYTHONPATH = join(folder, "installed");
  await run("python3", ["-m", "pip", "install", "--quiet", "--no-deps", "--target", PYTHONPATH, sdk]);
  const program = join(ROOT, "examples/python/__main__.py");
  expectWholeLife(await run("python3", [join(DRIVERS, "quickstart.py"), program], { env: { PYTHONPATH } }));
});

(hasGo ? test : test.skip)("examples/go: up, unchanged, refresh, destroy", async () => {
  const cwd = join(folder, "program");
  await cp(join(ROOT, "examples/go"), cwd, { recursive: true });
  await generateSdk("go", join(cwd, "sdks/aws-approvals"));
  // The sums of the same SDK's requirements.
  await cp(join(ROOT, "tools/go.sum"), join(cwd, "go.sum"));
  await cp(join(DRIVERS, "quickstart_test.go"), join(cwd, "quickstart_test.go"));
  await run("go", ["test", "-c", "-mod=mod", "-o", "quickstart", "."], { cwd, env: { GOWORK: "off" } });
  expectWholeLife(await run(join(cwd, "quickstart"), [], { cwd }));
});
