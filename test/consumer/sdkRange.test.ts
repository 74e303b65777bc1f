// The plugin on the lowest and on the newest @pulumi/pulumi that a user may have: its tests, in a copy of this checkout.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { peerDependencies } from "../../package.json";
import { ROOT } from "./project";
import { findRegistry } from "./registry";

const SDK = "@pulumi/pulumi";
const COPIED = ["src", "test", "dist", "package.json", "schema.json", "jest.config.json"];
const TESTS = ["test/provider/plugin", "test/functions"];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-approvals-sdk-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function install(version: string): Promise<void> {
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"];
  await promisify(execFile)("npm", [
    "install",
    "--prefix",
    join(folder, "sdk"),
    ...options,
    `${SDK}@${version}`,
  ]);
}

/** Links all modules of this checkout but one, which is linked from where it was installed. */
async function linkModules(): Promise<void> {
  const modules = join(folder, "node_modules");
  const installed = join(ROOT, "node_modules");
  const [scope = "", name = ""] = SDK.split("/");
  await mkdir(join(modules, scope), { recursive: true });
  for (const one of await readdir(installed))
    if (one !== scope) await symlink(join(installed, one), join(modules, one));
  for (const one of await readdir(join(installed, scope)))
    if (one !== name) await symlink(join(installed, scope, one), join(modules, scope, one));
  await symlink(join(folder, "sdk/node_modules", SDK), join(modules, SDK));
}

const registry = findRegistry(`the plugin on the lowest and the newest ${SDK}`);

(registry === undefined ? test.skip.each : test.each)([
  ["lowest", peerDependencies[SDK].replace("^", "")],
  // For a range, npm would choose one that wants no newer Node.js than this.
  ["newest", "latest"],
])("the plugin's tests pass on the %s SDK, %s", async (_, version) => {
  await install(version);
  for (const one of COPIED) await cp(join(ROOT, one), join(folder, one), { recursive: true });
  await linkModules();
  const { JEST_WORKER_ID, NODE_ENV, ...env } = process.env;
  const jest = join(ROOT, "node_modules/jest/bin/jest.js");
  const args = [jest, "--rootDir", folder, "--maxWorkers=1", ...TESTS];
  const { stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  expect(stderr).toMatch(/Test Suites: [1-9]\d* passed/);
});
