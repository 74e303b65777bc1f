import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { leaveOut } from "./leaveOut";

/** The file of the first of these commands that there is. */
export function findCommand(...names: string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** Whether there is such a command; without it, what it is for is left out. */
export function onThePath(command: string, what: string): boolean {
  const found = findCommand(command) !== undefined;
  if (!found) leaveOut(what, `there is no ${command} on the PATH`);
  return found;
}
