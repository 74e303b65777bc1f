import { homedir } from "node:os";
import { join } from "node:path";

/** For every clone of this repository; later runs find there what earlier ones have fetched. */
export const cacheFolder = (): string =>
  join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pulumi-aws-approvals");
