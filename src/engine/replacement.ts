import { dependentsOf } from "./dependencies";
import { containsPath, parsePropertyPath } from "./propertyPath";
import type { Diff, PlainProvider } from "./provider";
import type { ResourceState } from "./state";
import { UNKNOWN } from "./values";

export interface DependentReplacement {
  resource: ResourceState;
  /** The properties that require the replacement. */
  keys: string[];
}

type ProviderFor = (resource: ResourceState) => PlainProvider;

/**
 * The dependents that must be replaced together with `root`: those whose provider asks for a replacement when the
 * properties that come from a replaced resource are unknown. In the order of the state, dependencies first.
 */
export async function dependentReplacements(
  root: ResourceState,
  resources: ResourceState[],
  ignore: Set<string>,
  providerFor: ProviderFor,
): Promise<DependentReplacement[]> {
  const replaced = new Set([root.urn]);
  const replacements: DependentReplacement[] = [];
  for (const resource of dependentsOf(root, resources, ignore)) {
    const keys = await replaceKeysOfDependent(replaced, resource, providerFor);
    if (keys !== undefined) {
      replaced.add(resource.urn);
      replacements.push({ resource, keys });
    }
  }
  return replacements;
}

/** The keys that require a replacement if the resources in `replaced` are replaced; undefined if none is required. */
async function replaceKeysOfDependent(
  replaced: Set<string>,
  resource: ResourceState,
  providerFor: ProviderFor,
): Promise<string[] | undefined> {
  if (!resource.custom || resource.external) {
    return undefined;
  }
  if (replaced.has(resource.deletedWith)) {
    return [];
  }
  const becomesUnknown = (key: string) =>
    (resource.propertyDependencies[key] ?? []).some((urn) => replaced.has(urn));
  if (!Object.keys(resource.inputs).some(becomesUnknown)) {
    return undefined;
  }
  const inputs = Object.fromEntries(
    Object.entries(resource.inputs).map(([key, value]) => [key, becomesUnknown(key) ? UNKNOWN : value]),
  );
  const { urn, id, ignoreChanges, replaceOnChanges } = resource;
  const answer = await providerFor(resource).diff(urn, id, resource, inputs, ignoreChanges);
  const diff = withReplaceOnChanges(answer, replaceOnChanges, false);
  return diff.changes && diff.replaceKeys.length > 0 ? diff.replaceKeys : undefined;
}

/** Adds changed keys that replaceOnChanges names to the replace keys; `#initerror` stands for a failed initialization. */
export function withReplaceOnChanges(diff: Diff, replaceOnChanges: string[], hasInitErrors: boolean): Diff {
  const paths = replaceOnChanges.map(parsePropertyPath);
  const isNamed = (key: string) => paths.some((path) => containsPath(path, [key]));
  const replaceKeys = [...new Set([...diff.replaceKeys, ...diff.changedKeys.filter(isNamed)])];
  if (hasInitErrors && isNamed("#initerror")) {
    return { ...diff, changes: true, replaceKeys: [...replaceKeys, "#initerror"] };
  }
  return { ...diff, replaceKeys: diff.changes ? replaceKeys : diff.replaceKeys };
}
