import * as pulumi from "@pulumi/pulumi";

/**
 * `organization/project/stack/PARENTS::name`: where a resource comes from, as unique as its URN. Pulumi tells a dynamic
 * provider neither URN nor stack, and what identifies a resource to AWS must differ between stacks, so the resource's
 * constructor puts it among the inputs.
 */
export function origin(name: string, parent: pulumi.Resource | undefined): string {
  const place = [organization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const parents = parentTypes(parent as Declared | undefined);
  return `${parents.length === 0 ? place : `${place}/${parents.join("$")}`}::${name}`;
}

/** Mocks may have none. Backends without organizations call theirs so. */
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}

/** What the SDK knows of a resource from the moment that it is declared. */
interface Declared {
  __pulumiType?: string;
  __parentResource?: Declared;
}

/** The types of the parents, outermost first, as a URN has them. */
function parentTypes(parent: Declared | undefined): string[] {
  if (!parent?.__pulumiType || parent.__pulumiType === "pulumi:pulumi:Stack") return [];
  return [...parentTypes(parent.__parentResource), parent.__pulumiType];
}
