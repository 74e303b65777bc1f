// npm run test:all: what npm test leaves out. What this machine cannot run is listed at the end, with why.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { cacheFolder } from "./cache";
import { findOnPath } from "./findOnPath";
import { pythonTools } from "./pythonTools";
import { run } from "./run";
import { LeftOut, runSteps, type Step, summaryOf } from "./steps";

const ROOT = resolve(__dirname, "..");
const MAJORS = [20, 22, 24];

const temporary = mkdtempSync(join(tmpdir(), "aws-approvals-test-all-"));
/** Where tests write what they leave out: test/leaveOut.ts. */
const leftOutFile = join(temporary, "left-out");
process.env["LEFT_OUT"] = leftOutFile;
/** Where tests write what they measure: test/figure.ts. */
const figuresFile = join(temporary, "figures");
process.env["FIGURES"] = figuresFile;

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
  for (const figure of linesOf(figuresFile)) say(figure);
  say(summaryOf(ran, linesOf(leftOutFile)));
  process.exitCode = ran.failed === 0 ? 0 : 1;
}

const linesOf = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];

/** With the AWS CLI and boto3 where they can be had; the tests themselves say what they leave out. */
async function testAsConsumer(): Promise<void> {
  await run("npm", ["run", "--silent", "test:consumer"], await pythonTools());
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
  const folder = join(cacheFolder(), `node-${major}`);
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

function say(line: string): void {
  process.stdout.write(`\n${line}\n`);
}

void main().finally(() => rmSync(temporary, { recursive: true, force: true }));
