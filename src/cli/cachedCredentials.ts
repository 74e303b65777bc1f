import { readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import type { DelegatedAccess } from "../functions/sts/tradeIn";

// Imports as little as possible: every AWS command that uses the profile goes through here.

/** `$AWS_APPROVALS_HOME`, by default `~/.aws-approvals`. Where `HOME` is empty, the home folder is the system's. */
export const cacheFolder = (): string =>
  process.env["AWS_APPROVALS_HOME"] || join(homedir() || userInfo().homedir, ".aws-approvals");

export const requestsFolder = (): string => join(cacheFolder(), "requests");

/** In a request's folder; holds a {@link DelegatedAccess}. */
export const CREDENTIALS_FILE = "credentials.json";

/** The cached credentials of a request, unless they have expired. */
export function cachedCredentials(requestId: string): DelegatedAccess | undefined {
  try {
    const access = JSON.parse(readFileSync(join(requestsFolder(), requestId, CREDENTIALS_FILE), "utf8"));
    return Date.parse(access.credentials.expiration) > Date.now() ? access : undefined;
  } catch {
    // Missing, unreadable or malformed. The token is traded in again; a problem with the folder shows when that is saved.
    return undefined;
  }
}
