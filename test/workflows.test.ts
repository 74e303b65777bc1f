import { spawnSync } from "node:child_process";
import {
  chmodSync,
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
import { delimiter, join, resolve } from "node:path";
import { parse } from "yaml";
import { releaseNotes } from "../tools/releaseNotes";

const ROOT = resolve(__dirname, "..");
const FOLDER = join(ROOT, ".github/workflows");
const EXAMPLES = join(ROOT, "examples/ci/github");

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  needs?: string;
  uses?: string;
  permissions?: Record<string, string>;
  steps?: Step[];
}
interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const textOf = (file: string) => readFileSync(resolve(FOLDER, file), "utf8");
const workflow = (file: string): Workflow => parse(textOf(file));
const examples = readdirSync(EXAMPLES).filter((file) => file.endsWith(".yml"));
const files = [...readdirSync(FOLDER), ...examples.map((file) => join(EXAMPLES, file))];
const runs = ({ steps = [] }: Job) => steps.filter((step) => step.run !== undefined);

describe.each(files)("%s", (file) => {
  const jobs = Object.entries(workflow(file).jobs);

  test("takes every action by its commit, and says which version that is", () => {
    const used = [...textOf(file).matchAll(/uses: *(.*)/g)].map(([, what]) => what);
    expect(used.length).toBeGreaterThan(0);
    for (const what of used) {
      expect(what).toMatch(
        /^(\.\/\.github\/workflows\/\w+\.yml|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
      );
    }
  });

  test("may write nothing but what a job says", () => {
    expect(Object.values(workflow(file).permissions ?? { all: "write" })).not.toContain("write");
  });

  test("puts nothing into a script but through its environment", () => {
    expect(jobs.flatMap(([, job]) => runs(job)).filter(({ run }) => run?.includes("${{"))).toEqual([]);
  });

  test("runs scripts of package.json that there are", () => {
    const { scripts } = require("../package.json");
    const called = jobs.flatMap(([, job]) =>
      runs(job).flatMap(({ run = "" }) => [...run.matchAll(/npm (?:run )?(test\S*)/g)]),
    );
    for (const [, name = ""] of called) expect(scripts).toHaveProperty([name]);
  });
});

test("only publishing may write: an identity for npm, the contents for a release", () => {
  const { jobs } = workflow("release.yml");
  expect(Object.entries(jobs).map(([name, { needs, permissions }]) => [name, needs, permissions])).toEqual([
    ["ci", undefined, { contents: "read" }],
    ["npm", "ci", { contents: "read", "id-token": "write" }],
    ["github", "npm", { contents: "write" }],
  ]);
});

test("only publishing the site may write, and only to Pages", () => {
  const { jobs } = workflow("docs.yml");
  expect(Object.entries(jobs).map(([name, { needs, permissions }]) => [name, needs, permissions])).toEqual([
    ["site", undefined, { contents: "read" }],
    ["pages", "site", { pages: "write", "id-token": "write" }],
  ]);
});

describe("the examples for users' repositories", () => {
  const jobs = examples.flatMap((file) => Object.entries(workflow(join(EXAMPLES, file)).jobs));
  const job = (name: string) => jobs.find(([one]) => one === name)?.[1] as Job & Record<string, unknown>;

  test("write nothing but comments, and get a role from an identity", () => {
    expect(jobs.map(([name, { permissions }]) => [name, permissions])).toEqual([
      ["plan", { contents: "read", "id-token": "write" }],
      ["deploy", { contents: "read", "id-token": "write" }],
      ["review", { contents: "read", "id-token": "write", "pull-requests": "write" }],
    ]);
    expect(examples.map((file) => textOf(join(EXAMPLES, file))).join()).not.toMatch(
      /secrets\.AWS|access-key/i,
    );
  });

  // https://github.com/pulumi/actions/blob/v7.0.0/src/config.ts: it installs the CLI alone when it has no command.
  test("call Pulumi's action with a command that it has, or with none", () => {
    const commands = ["up", "update", "refresh", "destroy", "preview", "output", undefined];
    const used = jobs.flatMap(([, { steps = [] }]) =>
      steps.filter(({ uses }) => uses?.startsWith("pulumi/actions@")).map((step) => step.with?.["command"]),
    );
    expect(used).toHaveLength(3);
    for (const command of used) expect(commands).toContain(command);
  });

  test("give a fork nothing, and deploy nothing before somebody has reviewed it", () => {
    expect(job("review")["if"]).toBe("github.event.pull_request.head.repo.full_name == github.repository");
    expect(job("deploy")).toMatchObject({ needs: "plan", environment: "production" });
    expect(runs(job("plan")).filter(({ run }) => run?.includes("pulumi up"))).toEqual([]);
  });
});

describe("a release's steps, as they are run", () => {
  let checkout: string;
  let called: string;
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), "aws-approvals-release-"));
    called = join(checkout, "called");
    symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
    mkdirSync(join(checkout, "tools"));
    write("tools/releaseNotes.ts", readFileSync(join(ROOT, "tools/releaseNotes.ts"), "utf8"));
    write("package.json", JSON.stringify({ name: "released", version: "1.2.0" }));
    write(
      "CHANGELOG.md",
      "# Changelog\n\n## 1.2.0 (2027-01-31)\n\n- New.\n\n## 1.1.0 (2027-01-01)\n\n- Old.\n",
    );
    // Stand in for what publishes: they write down what they are called with, and the notes.
    for (const command of ["npm", "gh"]) {
      const lines = ["#!/bin/sh", `echo "${command} $*" >> "${called}"`, "for last; do :; done"];
      write(join("bin", command), [...lines, `[ ! -f "$last" ] || cat "$last" >> "${called}"`].join("\n"));
      chmodSync(join(checkout, "bin", command), 0o755);
    }
  });
  afterEach(() => rmSync(checkout, { recursive: true, force: true }));

  function write(file: string, text: string): void {
    mkdirSync(join(checkout, file, ".."), { recursive: true });
    writeFileSync(join(checkout, file), text);
  }

  /** Runs the steps of the jobs that are run after the tests, until one fails: its message. */
  function release(tag: string): string | undefined {
    const { jobs } = workflow("release.yml");
    for (const { run = "", env } of Object.values(jobs).flatMap(runs)) {
      const { status, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
        cwd: checkout,
        encoding: "utf8",
        env: {
          ...process.env,
          ...env,
          PATH: [join(checkout, "bin"), process.env["PATH"]].join(delimiter),
          GITHUB_REF_NAME: tag,
          RUNNER_TEMP: checkout,
        },
      });
      if (status !== 0) return stderr.trim();
    }
    return undefined;
  }
  const calls = () => (existsSync(called) ? readFileSync(called, "utf8").trim().split("\n") : []);

  test("publish to npm, and put the changelog's section and the plugin into GitHub's release", () => {
    expect(release("v1.2.0")).toBeUndefined();
    expect(calls()).toEqual([
      "npm ci",
      "npm publish --provenance --access public",
      "npm ci --ignore-scripts",
      "npm run plugin -- --release",
      `gh release create v1.2.0 plugin/dist/*.tar.gz --verify-tag --title v1.2.0 --notes-file ${checkout}/notes.md`,
      "- New.",
    ]);
  });

  test("publish nothing when the tag is another version's", () => {
    expect(release("v1.3.0")).toBe("No release: the tag is v1.3.0, the version in package.json 1.2.0");
    expect(calls()).toEqual(["npm ci"]);
  });
});

describe("what the changelog says of a release", () => {
  const changelog = (heading: string, notes = "- New.") =>
    `# Changelog\n\n## ${heading}\n\n${notes}\n\n## 1.0.0 (2027-01-01)\n\n- Old.\n`;

  test("is its first section", () => {
    const text = changelog("1.1.0 (2027-02-01)", "Words.\n\n### Fixed\n\n- New.");
    expect(releaseNotes("v1.1.0", "1.1.0", text)).toBe("Words.\n\n### Fixed\n\n- New.\n");
  });

  test.each([
    [
      "the tag is another's",
      "v1.1.1",
      changelog("1.1.0 (2027-02-01)"),
      "the tag is v1.1.1, the version in package.json 1.1.0",
    ],
    ["the tag has no v", "1.1.0", changelog("1.1.0 (2027-02-01)"), "the tag is 1.1.0"],
    ["it has no date", "v1.1.0", changelog("1.1.0 (not yet released)"), 'must be "## 1.1.0 (YYYY-MM-DD)"'],
    [
      "it is of another version",
      "v1.1.0",
      changelog("1.0.1 (2027-02-01)"),
      'begins with "## 1.0.1 (2027-02-01)"',
    ],
    ["it is empty", "v1.1.0", changelog("1.1.0 (2027-02-01)", ""), "says nothing of 1.1.0"],
    ["there is none", "v1.1.0", "# Changelog\n", 'must be "## 1.1.0 (YYYY-MM-DD)"'],
  ])("is refused when %s", (_, tag, text, message) => {
    expect(() => releaseNotes(tag, "1.1.0", text)).toThrow(message);
  });

  test("of today is under a heading that becomes a release's when it gets a date", () => {
    const { version } = require("../package.json");
    const today = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
    const dated = today.replace(/^(## \S+) \(not yet released\)$/m, "$1 (2027-01-31)");
    expect(() => releaseNotes(`v${version}`, version, dated)).not.toThrow();
  });
});
