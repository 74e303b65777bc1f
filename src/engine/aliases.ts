import { createUrn, nameOf, qualifiedType, STACK_TYPE, typeOf } from "./urn";

/** Another name under which the state may know a resource. Empty fields are the resource's own. */
export interface Alias {
  urn?: string;
  name?: string;
  type?: string;
  stack?: string;
  project?: string;
  parent?: string;
  noParent?: boolean;
}

export interface Named {
  name: string;
  type: string;
  parent: string;
}

/**
 * The URNs under which to look for the old state of a resource, its own left out: those of its aliases, and those it
 * had below an aliased parent.
 *
 * @param aliasOf - the old URN of a resource that this run found under an alias
 */
export function aliasUrns(
  resource: Named,
  aliases: Alias[],
  place: { stack: string; project: string },
  aliasOf: (urn: string) => string | undefined,
): string[] {
  const own = aliases.map((alias) => collapse(resource, alias, place, aliasOf));
  const parentAlias = resource.parent === "" ? undefined : aliasOf(resource.parent);
  if (parentAlias === undefined) {
    return [...new Set(own)];
  }
  const below = (type: string, name: string) => inherited(type, name, resource.parent, parentAlias, place);
  return [
    ...new Set([
      ...own,
      below(resource.type, resource.name),
      ...own.map((urn) => below(typeOf(urn), nameOf(urn))),
    ]),
  ];
}

function collapse(
  resource: Named,
  alias: Alias,
  place: { stack: string; project: string },
  aliasOf: (urn: string) => string | undefined,
): string {
  if (alias.urn !== undefined) {
    return alias.urn;
  }
  const parent = alias.parent ? (aliasOf(alias.parent) ?? alias.parent) : resource.parent;
  const top = alias.noParent === true || (parent !== "" && qualifiedType(parent) === STACK_TYPE);
  return createUrn(
    alias.stack || place.stack,
    alias.project || place.project,
    top ? "" : parent,
    alias.type || resource.type,
    alias.name || resource.name,
  );
}

/** A child named after its parent (`{parent}-suffix`) is assumed to have been named after the parent's old name. */
function inherited(
  type: string,
  name: string,
  parent: string,
  parentAlias: string,
  place: { stack: string; project: string },
): string {
  const parentName = nameOf(parent);
  const oldName = name.startsWith(parentName) ? nameOf(parentAlias) + name.slice(parentName.length) : name;
  return createUrn(place.stack, place.project, parentAlias, type, oldName);
}
