import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { DelegatedAccess } from "../functions/sts/tradeIn";

// Loads next to nothing: every call of an AWS command goes through here.

/** AWS's bounds of a delegation request's id, which names a folder of ours. */
export const REQUEST_ID = /^[\w-]{16,128}$/;

/** `$AWS_APPROVALS_HOME`, by default `~/.aws-approvals`. */
export const cacheFolder = (): string =>
  process.env["AWS_APPROVALS_HOME"] || join(homedir(), ".aws-approvals");

export const requestsFolder = (): string => join(cacheFolder(), "requests");

/** File of a request's folder that holds a {@link DelegatedAccess}. */
export const CREDENTIALS_FILE = "credentials.json";

/** The credentials that were kept for a request, as long as they are good. */
export function cachedCredentials(requestId: string): DelegatedAccess | undefined {
  try {
    const kept = JSON.parse(readFileSync(join(requestsFolder(), requestId, CREDENTIALS_FILE), "utf8"));
    return Date.parse(kept.credentials.expiration) > Date.now() ? kept : undefined;
  } catch {
    // Not there, not readable or not ours: then they are got anew, and what is wrong shows when they are kept.
    return undefined;
  }
}
