// The cloud of the engine's tests: a folder in which the provider of `fixtures/thing.js` keeps one file for each resource.
// A test gives it a program to run, makes calls of the provider fail, and looks at the resources and the calls.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ProgramDescription } from "./fixtures/declare";

const SDK = dirname(require.resolve("@pulumi/pulumi/package.json"));
const PROJECT = "name: compared\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n";

/** The test's access to the cloud of `fixtures/thing.js`, which is a folder. */
export class FileCloud {
  readonly path = mkdtempSync(join(tmpdir(), "engine-cloud-"));
  /** A Pulumi project, whose program is the one last given to `setProgram`. */
  readonly project = join(this.path, "project");

  program: ProgramDescription = { resources: [] };

  constructor() {
    const program = JSON.stringify(join(__dirname, "fixtures", "program.js"));
    mkdirSync(this.project);
    symlinkSync(join(SDK, "..", ".."), join(this.project, "node_modules"));
    writeFileSync(join(this.project, "Pulumi.yaml"), PROJECT);
    writeFileSync(join(this.project, "package.json"), '{ "name": "compared", "main": "index.js" }');
    writeFileSync(join(this.project, "index.js"), `module.exports = require(${program});\n`);
  }

  /** Makes calls fail, by `method label`: with a message, with an initialization error, or by ending the process. */
  fail(failures: Record<string, string | { reasons: string[] }>): void {
    writeFileSync(join(this.path, "fail.json"), JSON.stringify(failures));
  }

  /** The calls since the last `takeCalls`, as [method, label, ...arguments]. */
  takeCalls(): unknown[][] {
    const file = join(this.path, "calls.jsonl");
    const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    rmSync(file, { force: true });
    return lines.map((line) => JSON.parse(line));
  }

  resourceIds(): string[] {
    return readdirSync(this.path)
      .filter((name) => /-\d+\.json$/.test(name))
      .map((name) => name.replace(".json", ""))
      .sort();
  }

  changeResource(id: string, change: Record<string, unknown>): void {
    const file = join(this.path, `${id}.json`);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...change }));
  }

  deleteResource(id: string): void {
    rmSync(join(this.path, `${id}.json`));
  }

  setProgram(program: ProgramDescription): void {
    this.program = program;
    writeFileSync(join(this.path, "program.json"), JSON.stringify(program));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
