import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pack, ROOT, usersEnvironment } from "./project";
import { findRegistry } from "./registry";

const script = (path: string) => [process.execPath, join(ROOT, "node_modules", path)];
const MANAGERS = [
  { name: "npm", command: ["npm"], exec: ["exec", "--"] },
  { name: "pnpm", command: script("pnpm/bin/pnpm.cjs"), exec: ["exec"] },
  { name: "Yarn, without node_modules", command: script("@yarnpkg/cli-dist/bin/yarn.js"), exec: ["exec"] },
];

/** A test of a user's, of all that loads something: components, the provider's process, the embedded SNS and SQS. */
const USERS_TEST = `
const assert = require("node:assert");
const test = require("node:test");
const { ApprovalInbox, CustomerAccess } = require("pulumi-aws-approvals");
const { testStack } = require("pulumi-aws-approvals/testing");

test("a customer approves, and the vendor hears of it", async () => {
  const stack = await testStack({
    program: () => {
      const inbox = new ApprovalInbox("inbox");
      const request = {
        description: "Read the list of buckets",
        permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
        sessionDuration: 3600,
      };
      const access = new CustomerAccess("acme", { inbox, request });
      return { id: access.delegationRequestId, queueUrl: inbox.queueUrl };
    },
  });
  const { outputs } = await stack.up();
  await stack.emulator.customer("222222222222").approve(outputs.id);
  assert.equal((await stack.emulator.takeMessages(outputs.queueUrl)).length, 4);
  await stack.close();
});
`;

const registry = findRegistry("installing with npm, pnpm and Yarn");
let folder: string;
let tarball: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-approvals-pack-"));
  ({ tarball } = await pack(folder));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

(registry === undefined ? test.skip.each : test.each)(MANAGERS)(
  "$name installs it from a registry's packages, and a user's test and the command run there",
  async ({ command: [file = "", ...first], exec }) => {
    const project = await mkdtemp(join(tmpdir(), "users-project-"));
    try {
      const { peerDependencies } = require(join(ROOT, "package.json"));
      const ranges = (...names: string[]) =>
        Object.fromEntries(names.map((name) => [name, peerDependencies[name]]));
      const manifest = {
        ...{ name: "users-project", version: "1.0.0", private: true },
        dependencies: {
          "pulumi-aws-approvals": `file:${tarball}`,
          ...ranges("@pulumi/pulumi", "@pulumi/aws"),
        },
        devDependencies: ranges("fauxqs", "dynalite"),
      };
      await writeFile(join(project, "package.json"), JSON.stringify(manifest));
      // To Yarn, what has no lock file of its own is a part of the project around it.
      await writeFile(join(project, "yarn.lock"), "");
      await writeFile(join(project, "users.test.js"), USERS_TEST);
      const run = (...args: string[]) => runIn(project, file, ...first, ...args);

      await run("install");
      expect(await run(...exec, "node", "--test", "users.test.js")).toMatch(/pass 1\n.*fail 0\n/s);
      expect(await run(...exec, "aws-approvals", "--help")).toContain("aws-approvals [options] [command]");
    } finally {
      await rm(project, { recursive: true, force: true });
    }
  },
);

/** All that a command prints. Rejects with it when the command fails. */
async function runIn(cwd: string, file: string, ...args: string[]): Promise<string> {
  const env = {
    ...usersEnvironment(),
    // Yarn reads no .npmrc, and takes a CI's project for one with a lock file.
    ...(registry !== undefined && { YARN_NPM_REGISTRY_SERVER: registry }),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_ENABLE_TELEMETRY: "false",
    npm_config_frozen_lockfile: "false",
  };
  const options = { cwd, env, timeout: 500_000, killSignal: "SIGKILL", maxBuffer: 2 ** 26 } as const;
  try {
    const { stdout, stderr } = await promisify(execFile)(file, args, options);
    return stdout + stderr;
  } catch (error) {
    const { message, stdout } = error as Error & { stdout: string };
    throw new Error(`${message}\n${stdout}`);
  }
}
