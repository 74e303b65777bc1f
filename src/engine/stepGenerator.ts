import { type Alias, aliasUrns } from "./aliases";
import { EngineError } from "./errors";
import type { Goal, ReadGoal } from "./goals";
import { applyIgnoreChanges } from "./propertyPath";
import type { Diff, PlainProvider } from "./provider";
import { dependentReplacements, withReplaceOnChanges } from "./replacement";
import { newResourceState, type ResourceState } from "./state";
import type { Op, PlannedStep } from "./stepExecutor";
import { createUrn, nameOf } from "./urn";
import { changedKeys, type PropertyMap } from "./values";

export interface GeneratorContext {
  project: string;
  stack: string;
  dryRun: boolean;
  /** The old state, dependencies first. */
  resources: ResourceState[];
  providerFor(resource: { type: string; provider: string; urn: string }): PlainProvider;
  report(severity: "error" | "warning" | "info", urn: string, message: string): void;
}

/** The registration failed, and the reason has already been reported. (Pulumi: `result.BailError`.) */
export class BailError extends Error {
  override readonly name = "BailError";
}

/**
 * Generates the steps for each resource that the program registers, and at the end for those that it no longer does.
 * Registrations are processed one at a time.
 */
export class StepGenerator {
  private readonly olds: Map<string, ResourceState>;
  private readonly seen = new Set<string>();
  /** URNs for which steps other than a deletion were generated. */
  private readonly operatedOn = new Set<string>();
  private readonly created = new Set<string>();
  private readonly replaced = new Set<string>();
  private readonly deleted = new Set<string>();
  /** Old resources that are deleted before their replacement is created. */
  private readonly pendingDeletes = new Set<ResourceState>();
  private readonly dependentReplaceKeys = new Map<string, string[]>();
  /** The new URN for each old URN that matched an alias; `aliases` is the inverse. */
  private readonly aliased = new Map<string, string>();
  private readonly aliases = new Map<string, string>();

  constructor(private readonly context: GeneratorContext) {
    this.olds = new Map(
      context.resources.filter((resource) => !resource.delete).map((resource) => [resource.urn, resource]),
    );
  }

  async register(goal: Goal): Promise<PlannedStep[]> {
    const urn = this.generateUrn(goal);
    const old = this.findOld(urn, goal);
    const next = this.nextState(urn, goal, old);
    const provider = goal.custom ? this.context.providerFor(next) : undefined;
    const recreating = this.deleted.has(urn);

    if (provider !== undefined) {
      const fresh = old === undefined || old.external || recreating;
      const news = fresh
        ? goal.inputs
        : this.applyIgnoreChanges(urn, goal.inputs, old.inputs, goal.ignoreChanges);
      await this.check(provider, next, fresh ? {} : old.inputs, news);
    } else if (old !== undefined) {
      next.inputs = this.applyIgnoreChanges(urn, goal.inputs, old.inputs, goal.ignoreChanges);
    }

    if (old === undefined) {
      this.created.add(urn);
      return this.markOperatedOn(urn, [{ op: "create", next }]);
    }
    if (recreating) {
      this.deleted.delete(urn);
      this.replaced.add(urn);
      const replaceKeys = this.dependentReplaceKeys.get(urn) ?? [];
      return this.markOperatedOn(urn, [
        { op: "replace", old, next },
        { op: "create-replacement", old, next, replaceKeys },
      ]);
    }
    if (old.external) {
      this.created.add(urn);
      return this.markOperatedOn(urn, [
        { op: "create-replacement", old, next, deleteOldLater: true },
        { op: "replace", old, next },
      ]);
    }
    return this.generateStepsFromDiff(goal, old, next, provider);
  }

  read(goal: ReadGoal): PlannedStep[] {
    const urn = this.generateUrn(goal);
    const old = this.findOld(urn, { ...goal, aliases: [] });
    const { type, id, inputs, parent, provider, dependencies, additionalSecretOutputs } = goal;
    const next = newResourceState({
      urn,
      type,
      custom: true,
      external: true,
      id,
      inputs,
      parent,
      provider,
      dependencies,
      additionalSecretOutputs,
      aliases: this.aliasesUsed(urn),
    });
    const skipRead =
      this.context.dryRun && dependencies.some((dependency) => this.isNewInThisRun(dependency));
    if (old !== undefined && !old.external && old.id !== id) {
      this.replaced.add(urn);
      return this.markOperatedOn(urn, [
        { op: "read-replacement", old, next, skipRead, deleteOldLater: true },
        { op: "replace", old, next },
      ]);
    }
    return this.markOperatedOn(urn, [{ op: "read", ...(old && { old }), next, skipRead }]);
  }

  /** Deletions for all resources that the program did not register, not yet ordered. */
  generateDeletes(): PlannedStep[] {
    const steps: PlannedStep[] = [];
    for (const old of this.context.resources) {
      if (old.delete) {
        if (!this.pendingDeletes.has(old)) {
          this.deleted.add(old.urn);
          const pendingOp = old.pendingReplacement && "remove-pending-replace";
          steps.push({ op: pendingOp || (old.external ? "discard-replaced" : "delete-replaced"), old });
        }
      } else if (!this.operatedOn.has(old.urn) && !this.aliased.has(old.urn)) {
        this.deleted.add(old.urn);
        const op: Op = old.pendingReplacement
          ? "remove-pending-replace"
          : old.external
            ? "discard"
            : "delete";
        steps.push({ op, old });
      }
    }
    return steps;
  }

  /** Whether `urn`, the value of a `deletedWith` option, is deleted in this run. */
  isDeleted(urn: string): boolean {
    return urn !== "" && this.deleted.has(urn);
  }

  private generateUrn({ type, name, parent }: { type: string; name: string; parent: string }): string {
    const { stack, project } = this.context;
    if (parent !== "" && !this.seen.has(parent)) {
      throw new EngineError(`could not find parent resource ${parent}`);
    }
    const urn = createUrn(stack, project, parent, type, name);
    if (this.seen.has(urn)) {
      throw this.refuse(urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
    }
    this.seen.add(urn);
    return urn;
  }

  private findOld(
    urn: string,
    goal: Alias & { type: string; name: string; parent: string; aliases: Alias[] },
  ) {
    const claimant = this.aliased.get(urn);
    if (claimant !== undefined) {
      throw this.refuse(
        urn,
        `Duplicate resource URN '${urn}' conflicting with alias on resource with URN '${claimant}'`,
      );
    }
    const found = this.olds.get(urn);
    if (found !== undefined) {
      return found;
    }
    const candidates = aliasUrns(goal, goal.aliases, this.context, (parent) => this.aliases.get(parent));
    const alias = candidates.find((candidate) => candidate !== urn && this.olds.has(candidate));
    if (alias === undefined) {
      return undefined;
    }
    const other = this.seen.has(alias) ? alias : this.aliased.get(alias);
    if (other !== undefined) {
      throw this.refuse(
        urn,
        `Duplicate resource alias '${alias}' applied to resource with URN '${urn}' conflicting with resource with URN '${other}'`,
      );
    }
    this.aliased.set(alias, urn);
    this.aliases.set(urn, alias);
    return this.olds.get(alias);
  }

  /** Whether this run creates or replaces it. */
  private isNewInThisRun(urn: string): boolean {
    return this.created.has(urn) || this.replaced.has(urn);
  }

  private aliasesUsed(urn: string): string[] {
    const alias = this.aliases.get(urn);
    return alias === undefined ? [] : [alias];
  }

  private nextState(urn: string, goal: Goal, old: ResourceState | undefined): ResourceState {
    const { name: _, deleteBeforeReplace: __, aliases: ___, ...fields } = goal;
    return newResourceState({
      ...fields,
      protect: goal.protect ?? false,
      retainOnDelete: goal.retainOnDelete ?? false,
      urn,
      aliases: this.aliasesUsed(urn),
      created: old?.created ?? "",
      modified: old?.modified ?? "",
    });
  }

  private applyIgnoreChanges(
    urn: string,
    news: PropertyMap,
    olds: PropertyMap,
    paths: string[],
  ): PropertyMap {
    const { inputs, invalidPaths } = applyIgnoreChanges(paths, olds, news);
    if (invalidPaths.length > 0) {
      const list = invalidPaths.join(", ");
      this.context.report(
        "info",
        urn,
        `cannot ignore changes in added or removed elements of the path: "${list}"`,
      );
    }
    return inputs;
  }

  private async check(provider: PlainProvider, next: ResourceState, olds: PropertyMap, news: PropertyMap) {
    const { inputs, failures } = await provider.check(next.urn, olds, news);
    for (const { property, reason } of failures) {
      const about = property === "" ? "" : `: property ${property}`;
      const subject = `${next.type} resource '${nameOf(next.urn)}'${about}`;
      this.context.report("error", next.urn, `${subject} has a problem: ${reason}`);
    }
    if (failures.length > 0) {
      throw new BailError();
    }
    next.inputs = inputs;
  }

  private refuse(urn: string, message: string): BailError {
    this.context.report("error", urn, message);
    return new BailError(message);
  }

  private async generateStepsFromDiff(
    goal: Goal,
    old: ResourceState,
    next: ResourceState,
    provider: PlainProvider | undefined,
  ): Promise<PlannedStep[]> {
    const { urn } = next;
    const diff = withReplaceOnChanges(
      await this.diff(old, next, provider),
      goal.replaceOnChanges,
      old.initErrors.length > 0,
    );
    const { replaceKeys, changedKeys: diffKeys } = diff;
    if ((diff.changes && replaceKeys.length > 0) || old.pendingReplacement) {
      this.refuseIfProtected(old, next);
      if (provider !== undefined) {
        // Check again without old inputs: values that check derived from them do not apply to a new resource.
        await this.check(provider, next, {}, goal.inputs);
      }
      this.replaced.add(urn);
      const deletesFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
      if (deletesFirst || old.pendingReplacement) {
        const deletions = deletesFirst ? await this.deletesBeforeReplacement(old) : [];
        return this.markOperatedOn(urn, [
          ...deletions,
          { op: "replace", old, next, replaceKeys, diffKeys },
          { op: "create-replacement", old, next, replaceKeys, diffKeys },
        ]);
      }
      return this.markOperatedOn(urn, [
        { op: "create-replacement", old, next, replaceKeys, diffKeys, deleteOldLater: true },
        { op: "replace", old, next, replaceKeys, diffKeys },
      ]);
    }
    // A resource that failed to initialize is updated even if its inputs are unchanged.
    const op: Op = diff.changes || old.initErrors.length > 0 ? "update" : "same";
    return this.markOperatedOn(urn, [{ op, old, next, diffKeys }]);
  }

  private async diff(
    old: ResourceState,
    next: ResourceState,
    provider: PlainProvider | undefined,
  ): Promise<Diff> {
    const replaceFor = (key: string): Diff => ({
      changes: true,
      replaceKeys: [key],
      changedKeys: [],
      deleteBeforeReplace: false,
    });
    if (next.deletedWith !== "" && this.replaced.has(next.deletedWith)) {
      return replaceFor("deletedWith");
    }
    if ((old.provider === "") !== (next.provider === "")) {
      return replaceFor("provider");
    }
    if (provider === undefined) {
      const keys = changedKeys(old.inputs, next.inputs);
      return { changes: keys.length > 0, replaceKeys: [], changedKeys: [], deleteBeforeReplace: false };
    }
    const diff = await provider.diff(next.urn, old.id, old, next.inputs);
    if (diff.warning !== undefined) this.context.report("warning", next.urn, diff.warning);
    return diff;
  }

  private refuseIfProtected(old: ResourceState, next: ResourceState): void {
    if (!old.protect || !next.protect) {
      return;
    }
    const message =
      `unable to replace resource "${next.urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
      "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`";
    if (!this.context.dryRun) {
      throw this.refuse(next.urn, message);
    }
    // A preview continues, so that it can show which properties require the replacement.
    this.context.report("error", next.urn, message);
  }

  /** Deletions of the old resource and, before it, of all dependents that must be replaced with it. */
  private async deletesBeforeReplacement(old: ResourceState): Promise<PlannedStep[]> {
    const steps: PlannedStep[] = [];
    // Resources that were already registered in this run cannot depend on the one that is registered now.
    const alreadyRegistered = new Set([...this.operatedOn, ...this.deleted]);
    const { resources, providerFor } = this.context;
    const dependents = [
      ...(await dependentReplacements(old, resources, alreadyRegistered, providerFor)),
      ...this.deletedWithDependents(old.urn),
    ];
    for (const { resource, keys } of dependents.reverse()) {
      // A resource that is already deleted is created again by its own registration.
      if (this.pendingDeletes.has(resource) || resource.pendingReplacement) {
        continue;
      }
      if (resource.protect && !resource.delete) {
        throw this.refuse(
          resource.urn,
          `unable to replace resource "${resource.urn}" as part of replacing "${old.urn}" as it is currently marked for ` +
            "protection. To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`",
        );
      }
      this.dependentReplaceKeys.set(resource.urn, keys);
      this.deleted.add(resource.urn);
      this.pendingDeletes.add(resource);
      steps.push(resource.delete ? { op: "delete", old: resource } : deleteReplaced(resource));
    }
    if (!old.pendingReplacement) {
      this.deleted.add(old.urn);
      steps.push(deleteReplaced(old));
    }
    return steps;
  }

  private deletedWithDependents(urn: string): { resource: ResourceState; keys: string[] }[] {
    return [...this.olds.values()]
      .filter((resource) => resource.deletedWith === urn)
      .map((resource) => ({ resource, keys: [] }));
  }

  private markOperatedOn(urn: string, steps: PlannedStep[]): PlannedStep[] {
    this.operatedOn.add(urn);
    return steps;
  }
}

function deleteReplaced(old: ResourceState): PlannedStep {
  return { op: old.external ? "discard-replaced" : "delete-replaced", old, pendingReplacement: true };
}
