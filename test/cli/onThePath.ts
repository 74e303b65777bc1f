import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether there is such a command; without it, one line says what was not run. */
export function onThePath(command: string, what: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders.some((folder) => existsSync(join(folder, command)));
  if (!found) process.stderr.write(`No ${command} command on the PATH: ${what} was not tested with it.\n`);
  return found;
}
