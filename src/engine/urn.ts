export const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_TYPE_PREFIX = "pulumi:providers:";

/** A URN contains the types of the resource's parents, except the stack's. */
export function createUrn(
  stack: string,
  project: string,
  parent: string,
  type: string,
  name: string,
): string {
  const parentType = parent === "" ? "" : qualifiedType(parent);
  const chain = parentType === "" || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${chain}::${name}`;
}

export function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}

export function typeOf(urn: string): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

export function packageOf(type: string): string {
  return type.split(":")[0] ?? "";
}

export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_TYPE_PREFIX);
}

export function providerType(pkg: string): string {
  return PROVIDER_TYPE_PREFIX + pkg;
}

export function providerPackage(type: string): string {
  return type.slice(PROVIDER_TYPE_PREFIX.length);
}

/** Whether `urn` is a provider that the engine registers itself for resources without an explicit provider. */
export function isDefaultProvider(urn: string): boolean {
  return isProviderType(typeOf(urn)) && /^default(_|$)/.test(nameOf(urn));
}

/** A provider reference is the provider's URN and id: `urn::id`. */
export function providerReference(urn: string, id: string): string {
  return `${urn}::${id}`;
}

export function urnOfReference(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}
