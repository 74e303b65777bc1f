import type { ResourceState } from "./state";
import { urnOfReference } from "./urn";

/** The URNs that a resource refers to, except its parent. They must exist as long as the resource does. */
function referencesOf(resource: ResourceState): Set<string> {
  const urns = [
    ...resource.dependencies,
    ...Object.values(resource.propertyDependencies).flat(),
    resource.deletedWith,
    resource.provider === "" ? "" : urnOfReference(resource.provider),
  ];
  return new Set(urns.filter((urn) => urn !== ""));
}

/**
 * All direct and transitive dependents of `root`, in the order of the state (dependencies first).
 * Children are not included: replacing a component does not replace its children.
 */
export function dependentsOf(
  root: ResourceState,
  resources: ResourceState[],
  ignore: Set<string>,
): ResourceState[] {
  const affected = new Set([root.urn]);
  const dependents: ResourceState[] = [];
  for (const candidate of resources.slice(resources.indexOf(root) + 1)) {
    if (!ignore.has(candidate.urn) && [...referencesOf(candidate)].some((urn) => affected.has(urn))) {
      affected.add(candidate.urn);
      dependents.push(candidate);
    }
  }
  return dependents;
}

/**
 * The resources that must be deleted after `resource`: its parent, its references, and the descendants of referenced
 * components.
 */
function dependenciesOf(resource: ResourceState, resources: ResourceState[]): Set<ResourceState> {
  const before = resources.slice(0, resources.indexOf(resource));
  const references = referencesOf(resource);
  const found = new Set<ResourceState>();
  for (const candidate of before) {
    if (candidate.urn === resource.parent) {
      found.add(candidate);
    }
    if (references.has(candidate.urn)) {
      found.add(candidate);
      if (!candidate.custom) {
        for (const child of descendantsOf(candidate.urn, before)) {
          found.add(child);
        }
      }
    }
  }
  return found;
}

export function transitiveDependenciesOf(
  resource: ResourceState,
  resources: ResourceState[],
): Set<ResourceState> {
  const found = new Set<ResourceState>();
  const visit = (current: ResourceState) => {
    for (const dependency of dependenciesOf(current, resources)) {
      if (!found.has(dependency)) {
        found.add(dependency);
        visit(dependency);
      }
    }
  };
  visit(resource);
  return found;
}

function descendantsOf(urn: string, resources: ResourceState[]): ResourceState[] {
  const ancestors = new Set([urn]);
  return resources.filter((resource) => {
    if (!ancestors.has(resource.parent)) {
      return false;
    }
    ancestors.add(resource.urn);
    return true;
  });
}

/**
 * Groups `toDelete` into sets that can be deleted concurrently, in the order in which to delete the groups. `resources`
 * is the whole state, dependencies first.
 */
export function scheduleDeletes(toDelete: ResourceState[], resources: ResourceState[]): ResourceState[][] {
  const remaining = new Set(toDelete);
  const dependencies = new Map(toDelete.map((resource) => [resource, dependenciesOf(resource, resources)]));
  const groups: ResourceState[][] = [];
  while (remaining.size > 0) {
    const group = [...remaining].filter((resource) =>
      [...(dependencies.get(resource) ?? [])].every((dependency) => !remaining.has(dependency)),
    );
    for (const resource of group) {
      remaining.delete(resource);
    }
    groups.push(group);
  }
  return groups.reverse();
}

/**
 * Removes references to resources that a refresh found deleted: dependencies on them are dropped, and their children
 * move to the nearest remaining ancestor. Several resources may share a URN (one may be waiting for deletion), so a
 * reference is valid if any resource with that URN comes before it in the state.
 */
export function withoutDanglingReferences(
  resources: ResourceState[],
  deleted: ResourceState[],
): ResourceState[] {
  const known = new Set<string>();
  const parents = new Map([...deleted, ...resources].map((resource) => [resource.urn, resource.parent]));
  const nearestAncestor = (urn: string): string =>
    urn === "" || known.has(urn) ? urn : nearestAncestor(parents.get(urn) ?? "");
  return resources.map((resource) => {
    const repaired: ResourceState = {
      ...resource,
      parent: nearestAncestor(resource.parent),
      dependencies: resource.dependencies.filter((urn) => known.has(urn)),
      // Like Pulumi, drop keys whose list of dependencies becomes empty.
      propertyDependencies: Object.fromEntries(
        Object.entries(resource.propertyDependencies)
          .map(([key, urns]) => [key, urns.filter((urn) => known.has(urn))] as const)
          .filter(([, urns]) => urns.length > 0),
      ),
      deletedWith: known.has(resource.deletedWith) ? resource.deletedWith : "",
    };
    known.add(resource.urn);
    return repaired;
  });
}
