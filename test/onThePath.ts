import { findOnPath } from "../tools/findOnPath";
import { leaveOut } from "./leaveOut";

/** Whether there is such a command; without it, what it is for is left out. */
export function onThePath(command: string, what: string): boolean {
  const found = findOnPath(command) !== undefined;
  if (!found) leaveOut(what, `there is no ${command} on the PATH`);
  return found;
}
