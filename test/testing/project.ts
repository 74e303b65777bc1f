import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

/** A user's project in a temporary folder in which the built package is installed. */
export class Project {
  readonly path = mkdtempSync(join(tmpdir(), "users-project-"));

  constructor(files: Record<string, string>) {
    const modules = join(this.path, "node_modules");
    mkdirSync(modules);
    symlinkSync(ROOT, join(modules, "pulumi-aws-approvals"));
    for (const name of ["@pulumi", "vitest"])
      symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
    for (const [name, content] of Object.entries({ "package.json": "{}", ...files })) {
      const path = join(this.path, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }

  /** Runs Node.js in the project and returns its output and exit code. A process that hangs is killed. */
  run(...args: string[]): Promise<{ code: number | null; output: string }> {
    // The inner test runner must not see the variables of this one.
    const { JEST_WORKER_ID, NODE_ENV, NODE_TEST_CONTEXT, ...others } = process.env;
    const env = { ...others, NO_COLOR: "1" };
    return new Promise((done) => {
      const options = { cwd: this.path, env, timeout: 150_000, killSignal: "SIGKILL" } as const;
      const child = execFile(process.execPath, args, options, (_, stdout, stderr) =>
        done({ code: child.exitCode, output: stdout + stderr }),
      );
    });
  }

  /** Runs Jest in the project, configured like this package's own tests. */
  jest(...args: string[]): Promise<{ code: number | null; output: string }> {
    writeFileSync(
      join(this.path, "jest.config.json"),
      JSON.stringify({
        rootDir: this.path,
        testEnvironment: "node",
        testTimeout: 60_000,
        transform: {
          "^.+\\.ts$": [
            require.resolve("@swc/jest"),
            { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
          ],
        },
      }),
    );
    return this.run(require.resolve("jest/bin/jest"), ...args);
  }

  /** Runs Vitest in the project, with all files in threads and again in processes. */
  vitest(): Promise<{ code: number | null; output: string }> {
    const projects = ["threads", "forks"].map((pool) => ({
      test: { name: pool, pool, testTimeout: 60_000 },
    }));
    writeFileSync(
      join(this.path, "vitest.config.mjs"),
      `export default ${JSON.stringify({ test: { projects } })};`,
    );
    return this.run(join(ROOT, "node_modules", "vitest", "vitest.mjs"), "run");
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
