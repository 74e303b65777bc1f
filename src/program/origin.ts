import * as pulumi from "@pulumi/pulumi";

/**
 * `project/stack/name`: where a resource comes from. Pulumi tells a dynamic provider neither URN nor stack, and
 * idempotency tokens must differ between stacks, so the resource's constructor puts it among the inputs.
 */
export function origin(name: string): string {
  return `${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
}
