import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { leaveOut } from "../test/leaveOut";
import { cacheFolder } from "./cache";
import { findOnPath } from "./findOnPath";
import { run } from "./run";

/** The folder of the AWS CLI, and of a Python with boto3 and Pulumi's SDK, which pip installs; undefined without Python. */
export async function pythonTools(): Promise<string | undefined> {
  const requirements = join(__dirname, "requirements.txt");
  const python = findOnPath("python3");
  if (python === undefined) return undefined;
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = join(cacheFolder(), `python-${hash}`);
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
