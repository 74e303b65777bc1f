import { spawn } from "node:child_process";
import { delimiter, resolve } from "node:path";

/**
 * Runs a command in the root of the repository, with this process's output. Rejects when it fails.
 * @param folder comes first on the PATH
 */
export async function run(
  command: string,
  args: string[],
  folder?: string,
  more: NodeJS.ProcessEnv = {},
): Promise<void> {
  const PATH = [folder, process.env["PATH"]].filter((one) => one !== undefined).join(delimiter);
  const env = { ...process.env, ...more, PATH };
  const cwd = resolve(__dirname, "..");
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "inherit", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${[command, ...args].join(" ")} ended with ${signal ?? code}`));
    });
  });
}
