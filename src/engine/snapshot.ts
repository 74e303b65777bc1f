import type { OperationType, PendingOperation, ResourceState } from "./state";
import { urnOfReference } from "./urn";

/**
 * The state of a stack while an operation changes it: the resources there were (`base`), those the operation has
 * produced so far, and the operations under way. `resources()` is at any moment a state that a next run can start
 * from: what was not touched yet is kept, and dependencies come before their dependents.
 */
export class Snapshot {
  private readonly produced: ResourceState[] = [];
  private readonly done = new Set<ResourceState>();
  private readonly underWay = new Map<ResourceState, OperationType>();
  private readonly oldPending: PendingOperation[];

  constructor(
    public base: ResourceState[],
    readonly pendingAtStart: PendingOperation[],
  ) {
    // A resource that may have been created without our knowing stays on record until somebody looks.
    this.oldPending = pendingAtStart.filter((operation) => operation.type === "creating");
  }

  begin(resource: ResourceState, type: OperationType): void {
    this.underWay.set(resource, type);
  }

  end(resource: ResourceState): void {
    this.underWay.delete(resource);
  }

  /** Leaves `resource` out of the state from now on. */
  drop(resource: ResourceState): void {
    this.done.add(resource);
  }

  add(resource: ResourceState): void {
    this.produced.push(resource);
  }

  clearPendingCreates(): void {
    this.oldPending.length = 0;
  }

  resources(): ResourceState[] {
    const kept = [...this.produced, ...this.base].filter((resource) => !this.done.has(resource));
    return withCurrentUrns(kept);
  }

  pendingOperations(): PendingOperation[] {
    return [...[...this.underWay].map(([resource, type]) => ({ resource, type })), ...this.oldPending];
  }
}

/** Resources that were not reached yet still refer to a renamed one by its old URN: rewrite those references. */
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
