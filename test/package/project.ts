import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

export const ROOT = resolve(__dirname, "../..");
const NAME = "pulumi-aws-approvals";
const run = promisify(execFile);

/** Packs this checkout as it was built last. */
export async function pack(folder: string): Promise<{ tarball: string; files: string[] }> {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: ROOT,
  });
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error("npm pack made nothing");
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

/**
 * A fresh project that has the package: from its tarball, or linked as a workspace links it. What the package depends on
 * is linked to what this checkout has.
 */
export class Project {
  private constructor(readonly path: string) {}

  static async create(tarball: string | undefined, files: Record<string, string>): Promise<Project> {
    const path = await mkdtemp(join(tmpdir(), "aws-approvals-project-"));
    const modules = join(path, "node_modules");
    await mkdir(modules);
    const installed = join(ROOT, "node_modules");
    for (const entry of await readdir(installed)) {
      if (entry !== NAME) await symlink(join(installed, entry), join(modules, entry));
    }
    if (tarball === undefined) {
      await symlink(ROOT, join(modules, NAME));
    } else {
      await mkdir(join(modules, NAME));
      await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", join(modules, NAME)]);
    }
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
    return new Project(path);
  }

  /** What a command prints. Rejects with all of it when the command fails. */
  async node(...args: string[]): Promise<string> {
    const { stdout } = await run(process.execPath, args, { cwd: this.path }).catch((error) => {
      throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
    });
    return stdout;
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}
