// npm run test:all: what npm test leaves out. What this machine cannot run is listed at the end, with why.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { leaveOut } from "../test/leaveOut";
import { findOnPath } from "./findOnPath";
import { LeftOut, runSteps, type Step, summaryOf } from "./steps";

const ROOT = resolve(__dirname, "..");
/** For every clone of this repository; later runs find there what earlier ones have fetched. */
const CACHE = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pulumi-aws-approvals");
const MAJORS = [20, 22, 24];

const temporary = mkdtempSync(join(tmpdir(), "aws-approvals-test-all-"));
/** Where tests write what they leave out: test/leaveOut.ts. */
const leftOutFile = join(temporary, "left-out");
process.env["LEFT_OUT"] = leftOutFile;

const steps: Step[] = [
  { name: "What a consumer sees", run: testAsConsumer },
  { name: "A failure of every call, a kill at every point", run: walkCompletely },
  { name: "The testing kit in Jest's own environment", run: testInJest },
  { name: "The real Pulumi engine", run: testOnEngine },
  { name: "The workflows", run: lintWorkflows },
  { name: "The site", run: () => run("npm", ["run", "--silent", "docs"]) },
  ...MAJORS.filter((major) => !process.version.startsWith(`v${major}.`)).map((major) => ({
    name: `Node.js ${major}`,
    run: () => testOnNode(major),
  })),
];

async function main(): Promise<void> {
  const ran = await runSteps(steps, say);
  const byTests = existsSync(leftOutFile) ? readFileSync(leftOutFile, "utf8").trimEnd().split("\n") : [];
  say(summaryOf(ran, byTests));
  process.exitCode = ran.failed === 0 ? 0 : 1;
}

/** With the AWS CLI and boto3 where they can be had; the tests themselves say what they leave out. */
async function testAsConsumer(): Promise<void> {
  await run("npm", ["run", "--silent", "test:consumer"], await pythonTools());
}

/** The folder of the AWS CLI, and of a Python with boto3 and Pulumi's SDK. */
async function pythonTools(): Promise<string | undefined> {
  const requirements = join(__dirname, "requirements.txt");
  const python = findOnPath("python3");
  if (python === undefined) return undefined;
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = join(CACHE, `python-${hash}`);
  const bin = join(folder, "bin");
  try {
    if (!existsSync(join(bin, "pip"))) await run(python, ["-m", "venv", "--clear", folder]);
    await run(join(bin, "pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
    return bin;
  } catch (error) {
    leaveOut("the AWS CLI, boto3 and pulumi of PyPI", (error as Error).message);
    return undefined;
  }
}

/** Of which npm test takes one in three. */
async function walkCompletely(): Promise<void> {
  const command = [
    join(ROOT, "node_modules/jest/bin/jest.js"),
    ...["faults", "crash", "random", "randomTeam", "randomBinding"].map((name) => `test/e2e/${name}.test.ts`),
    ...["killed", "programs"].map((name) => `test/engine/${name}.test.ts`),
    "test/emulator/fuzz.test.ts",
  ];
  await run(process.execPath, command, undefined, { COMPLETE_WALKS: "yes" });
}

/** With modules and globals of its own for each test file, as users run Jest; `npm test` does without. */
async function testInJest(): Promise<void> {
  const own = [
    "--env",
    "node",
    "--testRunner",
    "jest-circus/runner",
    "--setupFiles",
    "./test/jest/settings.ts",
  ];
  await run(process.execPath, [
    join(ROOT, "node_modules/jest/bin/jest.js"),
    ...own,
    "--",
    "test/testing",
    "test/engine/stack",
  ]);
}

async function testOnEngine(): Promise<void> {
  if (findOnPath("go", "pulumi") === undefined) {
    throw new LeftOut("there is no pulumi on the PATH, and no go that could build it");
  }
  await run("npm", ["run", "--silent", "engine"]);
  await run("npm", ["run", "--silent", "test:engine"], await pythonTools());
}

async function lintWorkflows(): Promise<void> {
  if (findOnPath("go") === undefined) throw new LeftOut("there is no go that could build actionlint");
  const folders = [".github/workflows", "examples/ci/github"].map((folder) => join(ROOT, folder));
  const files = folders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  const workflows = files.filter((file) => file.endsWith(".yml"));
  await run("go", ["-C", "tools/actionlint", "tool", "actionlint", ...workflows]);
}

/** The tests of npm test; linter and types are the same on every Node.js. */
async function testOnNode(major: number): Promise<void> {
  const node = await findNode(major);
  await run(node, [join(ROOT, "node_modules/jest/bin/jest.js")], dirname(node));
}

/** The newest Node.js of a major version, out of a package of the registry. */
async function findNode(major: number): Promise<string> {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(CACHE, `node-${major}`);
  await mkdir(folder, { recursive: true });
  const options = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];
  const node = join(folder, "node_modules", name, "bin/node");
  try {
    await run("npm", ["install", "--silent", "--prefix", folder, ...options, `${name}@${major}`]);
    await run(node, ["--version"]);
  } catch (error) {
    throw new LeftOut(`${name}@${major} could not be had: ${(error as Error).message}`);
  }
  return node;
}

/** @param folder comes first on the PATH */
async function run(
  command: string,
  args: string[],
  folder?: string,
  more: NodeJS.ProcessEnv = {},
): Promise<void> {
  const PATH = [folder, process.env["PATH"]].filter((one) => one !== undefined).join(delimiter);
  const env = { ...process.env, ...more, PATH };
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ["ignore", "inherit", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${[command, ...args].join(" ")} ended with ${signal ?? code}`));
    });
  });
}

function say(line: string): void {
  process.stdout.write(`\n${line}\n`);
}

void main().finally(() => rmSync(temporary, { recursive: true, force: true }));
