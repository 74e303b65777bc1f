import { createUrn, nameOf, qualifiedType, STACK_TYPE, typeOf } from "./urn";

/** Another identity that a resource may have in the state. Empty fields default to the resource's own values. */
export interface Alias {
  urn?: string;
  name?: string;
  type?: string;
  stack?: string;
  project?: string;
  parent?: string;
  noParent?: boolean;
}

export interface NamedResource {
  name: string;
  type: string;
  parent: string;
}

/**
 * The URNs, other than its own, under which a resource may be in the old state: one for each alias, and those that
 * result from the aliases of its parent.
 *
 * @param aliasOf - returns the old URN of a resource that this run matched by an alias
 */
export function aliasUrns(
  resource: NamedResource,
  aliases: Alias[],
  target: { stack: string; project: string },
  aliasOf: (urn: string) => string | undefined,
): string[] {
  const ownAliases = aliases.map((alias) => collapseAliasToUrn(resource, alias, target, aliasOf));
  const parentAlias = resource.parent === "" ? undefined : aliasOf(resource.parent);
  if (parentAlias === undefined) {
    return [...new Set(ownAliases)];
  }
  const inheritedAlias = (type: string, name: string) =>
    inheritedChildAlias(type, name, resource.parent, parentAlias, target);
  return [
    ...new Set([
      ...ownAliases,
      inheritedAlias(resource.type, resource.name),
      ...ownAliases.map((urn) => inheritedAlias(typeOf(urn), nameOf(urn))),
    ]),
  ];
}

function collapseAliasToUrn(
  resource: NamedResource,
  alias: Alias,
  target: { stack: string; project: string },
  aliasOf: (urn: string) => string | undefined,
): string {
  if (alias.urn !== undefined) {
    return alias.urn;
  }
  const parent = alias.parent ? (aliasOf(alias.parent) ?? alias.parent) : resource.parent;
  const isTopLevel = alias.noParent === true || (parent !== "" && qualifiedType(parent) === STACK_TYPE);
  return createUrn(
    alias.stack || target.stack,
    alias.project || target.project,
    isTopLevel ? "" : parent,
    alias.type || resource.type,
    alias.name || resource.name,
  );
}

/** As in Pulumi, a child whose name starts with its parent's name is assumed to have started with the parent's old name. */
function inheritedChildAlias(
  type: string,
  name: string,
  parent: string,
  parentAlias: string,
  target: { stack: string; project: string },
): string {
  const parentName = nameOf(parent);
  const oldName = name.startsWith(parentName) ? nameOf(parentAlias) + name.slice(parentName.length) : name;
  return createUrn(target.stack, target.project, parentAlias, type, oldName);
}
