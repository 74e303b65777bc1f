import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { leaveOut } from "../leaveOut";

/** The registry that npm uses. Where none can be reached, what it is for is left out. */
export function findRegistry(what: string): string | undefined {
  const npm = (...args: string[]) => spawnSync("npm", args, { encoding: "utf8", cwd: tmpdir() });
  const url = npm("config", "get", "registry").stdout.trim();
  const { stderr } = npm(
    "view",
    "fauxqs",
    "name",
    "--prefer-online",
    "--fetch-retries=0",
    "--fetch-timeout=20000",
  );
  const unreachable = /E[A-Z_]*(NOTFOUND|REFUSED|TIMEDOUT|TIMEOUT|AGAIN|UNREACH|RESET)/.exec(stderr);
  if (unreachable === null) return url;
  leaveOut(what, `there is no registry (${unreachable[0]})`);
  return undefined;
}
