// Checks a state file after an operation: that the engine can load it and continue from it, and that it contains neither
// secrets nor paths of this machine.

import { homedir, tmpdir } from "node:os";
import { resolve } from "node:path";
import type { Deployment } from "./engines";

const MACHINE_PATHS = [resolve(__dirname, "../.."), homedir(), tmpdir(), process.execPath];

/**
 * All errors of a state after its operations have ended: references to nothing or to a later resource, duplicates,
 * unfinished replacements and pending operations, paths of this machine, and secrets in plain text.
 */
export function integrityErrors(state: Deployment, secrets: readonly string[] = []): string[] {
  const errors: string[] = [];
  const earlier = new Set<string>();
  const providers = new Set<string>();
  for (const resource of state.resources ?? []) {
    const {
      urn,
      type,
      id,
      parent,
      provider,
      dependencies = [],
      propertyDependencies = {},
      deletedWith,
    } = resource;
    const checkReference = (what: string, to: string | undefined) => {
      if (to && !earlier.has(to)) errors.push(`${urn}: its ${what} ${to} does not precede it`);
    };
    checkReference("parent", parent);
    checkReference("deletedWith", deletedWith);
    for (const dependency of dependencies) checkReference("dependency", dependency);
    for (const [key, urns] of Object.entries(propertyDependencies)) {
      for (const dependency of urns ?? []) checkReference(`dependency of ${key}`, dependency);
    }
    if (provider && !providers.has(provider))
      errors.push(`${urn}: its provider ${provider} does not precede it`);
    const isOurs = resource.custom && /^(pulumi-nodejs|aws-approvals):/.test(type);
    if (isOurs && !provider) errors.push(`${urn}: no provider`);
    if (isOurs && !id) errors.push(`${urn}: no id`);
    if (type.startsWith("pulumi:providers:")) providers.add(`${urn}::${id}`);
    if (resource.delete || resource.pendingReplacement) errors.push(`${urn}: unfinished replacement`);
    else if (earlier.has(urn)) errors.push(`${urn}: duplicate`);
    earlier.add(urn);
  }
  for (const { resource, type } of state.pending_operations ?? [])
    errors.push(`${resource.urn}: pending ${type}`);
  // Pulumi records where a resource was declared, and the programs of the tests are outside of their project, so these
  // two properties contain paths of this machine.
  const text = JSON.stringify(state, (key, value) =>
    ["sourcePosition", "stackTrace"].includes(key) ? undefined : value,
  );
  for (const path of MACHINE_PATHS) if (text.includes(path)) errors.push(`contains the path ${path}`);
  for (const secret of secrets) if (text.includes(secret)) errors.push(`contains the secret ${secret}`);
  return errors;
}
