import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { REQUEST_ID } from "../aws/delegationRequestState";
import { cachedCredentials, cacheFolder } from "./cachedCredentials";
import type { StackOptions } from "./options";

// Imports as little as possible: every AWS command of a profile that names its request goes through here.

/**
 * How long a name goes on meaning the request that it meant when the stack was last read. A renewal gives the name to a new
 * request: whatever reads the stack notices that at once (`wait`, `status`, `list`), and a profile after this time.
 */
const MAX_AGE_MS = 15 * 60_000;

/** What the names in a stack mean, and of which stack they are. */
export interface RequestNames {
  key: string;
  ids: Readonly<Record<string, string>>;
}

/** The credentials at hand for an id or a name, without reading the stack. */
export function credentialsAtHand(reference: string, options: StackOptions) {
  const byId = REQUEST_ID.test(reference) ? cachedCredentials(reference) : undefined;
  if (byId) return byId;
  const id = knownId(reference, options);
  return id === undefined ? undefined : cachedCredentials(id);
}

/** The id that a stack was seen to have for a name, in the last minutes. */
function knownId(name: string, options: StackOptions): string | undefined {
  const key = stackKey(options);
  if (key === undefined) return undefined;
  try {
    const file = namesFile(key);
    if (Math.abs(Date.now() - statSync(file).mtimeMs) > MAX_AGE_MS) return undefined;
    const names: RequestNames = JSON.parse(readFileSync(file, "utf8"));
    const id = names.key === key && Object.hasOwn(names.ids, name) ? names.ids[name] : undefined;
    return typeof id === "string" && REQUEST_ID.test(id) ? id : undefined;
  } catch {
    // Missing or malformed: the stack is read again.
    return undefined;
  }
}

/** Identifies a stack. Undefined where it is not named, so that another may be meant next time, or comes from a file. */
export function stackKey({
  stack = process.env["PULUMI_STACK"],
  stateFile,
  cwd = "",
}: StackOptions): string | undefined {
  if (!stack || stateFile !== undefined) return undefined;
  const { PULUMI_BACKEND_URL = "", PULUMI_HOME = "" } = process.env;
  const folder = isQualified(stack) ? "" : resolve(cwd);
  return JSON.stringify([stack, folder, PULUMI_BACKEND_URL, PULUMI_HOME]);
}

/** Only a name with organization and project means the same in every folder. */
export const isQualified = (stack: string): boolean => /^[^/]+\/[^/]+\/[^/]+$/.test(stack);

export const stacksFolder = (): string => join(cacheFolder(), "stacks");

/** Two stacks may share a file: it says whose the names are. (Loading node:crypto takes longer than all the rest.) */
export function namesFile(key: string): string {
  let hash = 0;
  for (const character of key) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return join(stacksFolder(), `${hash.toString(16)}.json`);
}
