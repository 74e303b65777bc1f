import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

export const ROOT = resolve(__dirname, "../..");
const NAME = "pulumi-aws-approvals";
const INSTALLED = join(ROOT, "node_modules");

/** Packs this checkout as it was built last. */
export async function pack(folder: string): Promise<{ tarball: string; files: string[] }> {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: ROOT });
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error("npm pack made nothing");
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

/** What a user's shell has: what npm and Jest say in the environment is not for those inside. */
export const usersEnvironment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(npm_(package|lifecycle|command|config_local_prefix)|JEST_|NODE_ENV$|NODE_TEST_CONTEXT$)/.test(
          name,
        ),
    ),
  ),
  PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
  NO_COLOR: "1",
});

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * A user's project in a folder of its own that has the package: from its tarball, or linked as a workspace links it. What
 * the package depends on is linked to what this checkout has.
 */
export class Project {
  private constructor(readonly path: string) {}

  static async create(files: Record<string, string>, tarball?: string): Promise<Project> {
    const path = await mkdtemp(join(tmpdir(), "users-project-"));
    const modules = join(path, "node_modules");
    await mkdir(modules);
    for (const entry of await readdir(INSTALLED)) {
      if (entry !== NAME) await symlink(join(INSTALLED, entry), join(modules, entry));
    }
    if (tarball === undefined) {
      await symlink(ROOT, join(modules, NAME));
    } else {
      await mkdir(join(modules, NAME));
      const args = ["-xzf", tarball, "--strip-components=1", "-C", join(modules, NAME)];
      await promisify(execFile)("tar", args);
    }
    const project = new Project(path);
    for (const [name, text] of Object.entries({ "package.json": "{}", ...files })) {
      await project.write(name, text);
    }
    return project;
  }

  private async write(name: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.path, name)), { recursive: true });
    await writeFile(join(this.path, name), text);
  }

  /** Runs Node.js in it; a process that hangs is killed. */
  private execute(args: string[]): Promise<Ended> {
    // What this test runner says in the environment is not for the one inside.
    const { JEST_WORKER_ID, NODE_ENV, NODE_TEST_CONTEXT, ...others } = process.env;
    const env = { ...others, NO_COLOR: "1" };
    return new Promise((done) => {
      const options = { cwd: this.path, env, timeout: 150_000, killSignal: "SIGKILL" } as const;
      const child = execFile(process.execPath, args, options, (_, stdout, stderr) =>
        done({ code: child.exitCode, stdout, stderr }),
      );
    });
  }

  /** Runs Node.js in it. Answers all that it printed, and how it ended. */
  async run(...args: string[]): Promise<{ code: number | null; output: string }> {
    const { code, stdout, stderr } = await this.execute(args);
    return { code, output: stdout + stderr };
  }

  /** What Node.js prints in it. Rejects with all of it when it fails. */
  async node(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.execute(args);
    if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Runs Jest in it, as this package's own tests are run. */
  async jest(...args: string[]): Promise<{ code: number | null; output: string }> {
    const configuration = {
      rootDir: this.path,
      testEnvironment: "node",
      testTimeout: 60_000,
      transform: {
        "^.+\\.ts$": [
          require.resolve("@swc/jest"),
          { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
        ],
      },
    };
    await this.write("jest.config.json", JSON.stringify(configuration));
    return this.run(require.resolve("jest/bin/jest"), ...args);
  }

  /** Runs Vitest in it, all files in threads and all files in processes. */
  async vitest(): Promise<{ code: number | null; output: string }> {
    const projects = ["threads", "forks"].map((pool) => ({
      test: { name: pool, pool, testTimeout: 60_000 },
    }));
    await this.write("vitest.config.mjs", `export default ${JSON.stringify({ test: { projects } })};`);
    return this.run(join(INSTALLED, "vitest", "vitest.mjs"), "run");
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}
