import type { OperationType, PendingOperation, ResourceState } from "./state";
import { urnOfReference } from "./urn";

/**
 * The state of a stack during an operation: the resources at the start (`base`), the new states so far, and the pending
 * operations. `resources()` is always a valid state for the next run to start from: resources that were not processed
 * yet are kept, and dependencies come before their dependents.
 */
export class Snapshot {
  private readonly newResources: ResourceState[] = [];
  private readonly done = new Set<ResourceState>();
  private readonly operations = new Map<ResourceState, OperationType>();
  private readonly pendingCreates: PendingOperation[];

  constructor(
    public base: ResourceState[],
    readonly pendingAtStart: PendingOperation[],
  ) {
    // An interrupted create may have created a resource, so it stays pending until a refresh clears it.
    this.pendingCreates = pendingAtStart.filter((operation) => operation.type === "creating");
  }

  beginOperation(resource: ResourceState, type: OperationType): void {
    this.operations.set(resource, type);
  }

  endOperation(resource: ResourceState): void {
    this.operations.delete(resource);
  }

  /** Removes an old state: it was deleted or replaced by a new one. */
  markDone(resource: ResourceState): void {
    this.done.add(resource);
  }

  markNew(resource: ResourceState): void {
    this.newResources.push(resource);
  }

  clearPendingCreates(): void {
    this.pendingCreates.length = 0;
  }

  resources(): ResourceState[] {
    const kept = [...this.newResources, ...this.base].filter((resource) => !this.done.has(resource));
    return withCurrentUrns(kept);
  }

  pendingOperations(): PendingOperation[] {
    return [...[...this.operations].map(([resource, type]) => ({ resource, type })), ...this.pendingCreates];
  }
}

/** Resources that were not processed yet refer to a renamed resource by its old URN: rewrite those references. */
function withCurrentUrns(resources: ResourceState[]): ResourceState[] {
  const renamed = new Map(
    resources.flatMap((resource) => resource.aliases.map((alias) => [alias, resource.urn])),
  );
  if (renamed.size === 0) {
    return resources;
  }
  const current = (urn: string) => renamed.get(urn) ?? urn;
  return resources.map((resource) => ({
    ...resource,
    aliases: [],
    parent: current(resource.parent),
    deletedWith: current(resource.deletedWith),
    dependencies: resource.dependencies.map(current),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, urns.map(current)]),
    ),
    provider:
      resource.provider === ""
        ? ""
        : current(urnOfReference(resource.provider)) +
          resource.provider.slice(urnOfReference(resource.provider).length),
  }));
}
