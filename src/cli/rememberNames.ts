import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "./atomicFile";
import type { StackOptions } from "./options";
import { namesFile, type RequestNames, stackKey, stacksFolder } from "./requestNames";

/** Remembers what the names, and ids, in a stack that has just been read mean, unless it is several requests. */
export function rememberNames(
  options: StackOptions,
  requests: readonly { name: string; id: string }[],
): void {
  const key = stackKey(options);
  if (key === undefined || requests.length === 0) return;
  const ids = new Map<string, Set<string>>();
  for (const { name, id } of requests) {
    for (const text of [name, id]) ids.set(text, (ids.get(text) ?? new Set()).add(id));
  }
  const unique = [...ids].filter(([, { size }]) => size === 1);
  const names: RequestNames = { key, ids: Object.fromEntries(unique.map(([name, [id = ""]]) => [name, id])) };
  try {
    mkdirSync(stacksFolder(), { recursive: true, mode: 0o700 });
    writeAtomically(namesFile(key), JSON.stringify(names));
  } catch {
    // Only time is lost. What must be kept says so when it cannot be.
  }
}

/** Forgets what the names in every stack mean. */
export function forgetNames(): void {
  try {
    const ours = readdirSync(stacksFolder()).filter((file) => /^[0-9a-f]+\.json$/.test(file));
    for (const file of ours) rmSync(join(stacksFolder(), file), { force: true });
  } catch {
    // There is no such folder.
  }
}
