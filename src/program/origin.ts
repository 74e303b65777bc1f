import * as pulumi from "@pulumi/pulumi";

/**
 * `[organization/]project/stack[/PARENTS]::name` of a resource, as unique as its URN. What identifies a resource to AWS must
 * differ between stacks, and Pulumi sends neither URN nor stack to a dynamic provider, so the resource's constructor passes
 * this as an input.
 */
export function origin(name: string, parent: pulumi.Resource | undefined): string {
  const place = [...organization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const parents = parentTypes(parent as Declared | undefined);
  return `${parents.length === 0 ? place : `${place}/${parents.join("$")}`}::${name}`;
}

/** None where the backend has no organizations, which Pulumi then calls "organization", and in tests with mocks. */
function organization(): string[] {
  try {
    const name = pulumi.getOrganization();
    return name === "organization" ? [] : [name];
  } catch {
    return [];
  }
}

/** What the SDK sets on a resource in its constructor. */
interface Declared {
  __pulumiType?: string;
  __parentResource?: Declared;
}

/** The types of the parents, outermost first, as in a URN. */
function parentTypes(parent: Declared | undefined): string[] {
  if (!parent?.__pulumiType || parent.__pulumiType === "pulumi:pulumi:Stack") return [];
  return [...parentTypes(parent.__parentResource), parent.__pulumiType];
}
