import { homedir, tmpdir } from "node:os";
import { resolve } from "node:path";
import type { Deployment } from "./engines";

const MACHINE = [resolve(__dirname, "../.."), homedir(), tmpdir(), process.execPath];

/**
 * Everything that is wrong with a state whose operations have all ended: what refers to nothing, or to something that
 * comes later; what is there twice, unfinished, or tells of the machine; and any of the secrets in plain text.
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
      if (to && !earlier.has(to)) errors.push(`${urn}: its ${what} ${to} is not there before it`);
    };
    checkReference("parent", parent);
    checkReference("deletedWith", deletedWith);
    for (const dependency of dependencies) checkReference("dependency", dependency);
    for (const [key, urns] of Object.entries(propertyDependencies)) {
      for (const dependency of urns ?? []) checkReference(`dependency of ${key}`, dependency);
    }
    if (provider && !providers.has(provider))
      errors.push(`${urn}: its provider ${provider} is not there before it`);
    if (type.startsWith("pulumi-nodejs:") && !provider) errors.push(`${urn}: no provider`);
    if (type.startsWith("pulumi-nodejs:") && !id) errors.push(`${urn}: no id`);
    if (type.startsWith("pulumi:providers:")) providers.add(`${urn}::${id}`);
    if (resource.delete || resource.pendingReplacement) errors.push(`${urn}: half a replacement`);
    else if (earlier.has(urn)) errors.push(`${urn}: there twice`);
    earlier.add(urn);
  }
  for (const { resource, type } of state.pending_operations ?? [])
    errors.push(`${resource.urn}: pending ${type}`);
  // Where in the program a resource was declared is Pulumi's to keep, and the tests' programs are outside their project.
  const text = JSON.stringify(state, (key, value) =>
    ["sourcePosition", "stackTrace"].includes(key) ? undefined : value,
  );
  for (const path of MACHINE) if (text.includes(path)) errors.push(`tells the path ${path}`);
  for (const secret of secrets) if (text.includes(secret)) errors.push(`holds the secret ${secret}`);
  return errors;
}
