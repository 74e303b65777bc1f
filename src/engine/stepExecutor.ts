import { EngineError, ProviderLostError, ResourceInitError } from "./errors";
import type { ProviderRegistry } from "./providerRegistry";
import type { Snapshot } from "./snapshot";
import type { OperationType, ResourceState } from "./state";
import { isProviderType, providerReference } from "./urn";
import { deepEqual, isSecret, makeSecret, type PropertyMap, UNKNOWN } from "./values";

/** Pulumi's names of the step operations. */
export type Op =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "discard"
  | "discard-replaced"
  | "remove-pending-replace";

export interface PlannedStep {
  op: Op;
  old?: ResourceState;
  next?: ResourceState;
  replaceKeys?: string[];
  diffKeys?: string[];
  /** In a preview: the resource to read may depend on one that does not exist yet. */
  skipRead?: boolean;
  /** Create before delete: the old resource is deleted at the end of the run. */
  deleteOldLater?: boolean;
  /** Delete before create: the deleted resource stays in the state until its replacement is created. */
  pendingReplacement?: boolean;
}

/** The resource of a step: its new state if there is one. */
export function resourceOf(step: PlannedStep): ResourceState {
  const resource = step.next ?? step.old;
  if (resource === undefined) {
    throw new TypeError(`a step "${step.op}" without a resource`);
  }
  return resource;
}

export interface StepContext {
  dryRun: boolean;
  providers: ProviderRegistry;
  snapshot: Snapshot;
  save(): Promise<void>;
  /** Called at each phase of a step that calls a provider. @throws EngineKilledError to stop there */
  onPhase(step: PlannedStep, op: ProviderOp, phase: StepPhase["phase"]): void;
  /** Whether `urn`, the value of a `deletedWith` option, is deleted in this run. */
  isDeleted(urn: string): boolean;
  now(): Date;
}

/**
 * A phase of a step: `before` the provider is called, when the state has the operation as pending; `after` the provider
 * has responded, before the result is in the state; `recorded` when it is.
 */
export interface StepPhase {
  /** The phase. */
  phase: "before" | "after" | "recorded";
  /** What the step does. */
  op: ProviderOp;
  /** The URN of the resource. */
  urn: string;
  /** The resource's type token. */
  type: string;
}

const OPERATION_TYPES = {
  create: "creating",
  "create-replacement": "creating",
  update: "updating",
  delete: "deleting",
  "delete-replaced": "deleting",
  discard: "deleting",
  "discard-replaced": "deleting",
  read: "reading",
  "read-replacement": "reading",
} as const satisfies Partial<Record<Op, OperationType>>;

/** The step operations that call a provider, or would if the resource were not a component. @useDeclaredType */
export type ProviderOp = keyof typeof OPERATION_TYPES;

const isProviderOp = (op: Op): op is ProviderOp => op in OPERATION_TYPES;

export class DeleteProtectedError extends EngineError {
  override readonly name = "DeleteProtectedError";

  constructor(urn: string) {
    super(
      `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, remove the \`protect\` ` +
        "flag from the resource in your Pulumi program and run `pulumi up`",
    );
  }
}

/**
 * Executes one step and records it: the state has the operation as pending before the provider is called, and one write
 * afterwards records the result and ends the operation. A failed step leaves the old state, except that a resource that
 * exists but failed to initialize is recorded with its errors.
 */
export async function execute(step: PlannedStep, context: StepContext): Promise<void> {
  const { snapshot, dryRun } = context;
  const { op } = step;
  const resource = step.op.startsWith("delete") || step.op.startsWith("discard") ? step.old : step.next;
  if (dryRun || !isProviderOp(op) || resource === undefined) {
    await applyStep(step, context);
    await commit(step, context);
    return;
  }
  snapshot.beginOperation(resource, OPERATION_TYPES[op]);
  await context.save();
  context.onPhase(step, op, "before");
  const failure = await applyStep(step, context).then(
    () => undefined,
    (error: Error) => error,
  );
  context.onPhase(step, op, "after");
  // If the provider was lost, the outcome is unknown, so the operation stays pending.
  if (!(failure instanceof ProviderLostError)) {
    snapshot.endOperation(resource);
  }
  if (failure === undefined) {
    await commit(step, context);
  } else if (failure instanceof ResourceInitError && step.next !== undefined) {
    keepFailedInit(step, failure, context);
    await commit(step, context);
  } else {
    await context.save();
  }
  context.onPhase(step, op, "recorded");
  if (failure !== undefined) {
    throw failure;
  }
}

async function applyStep(step: PlannedStep, context: StepContext): Promise<void> {
  const { old, next } = step;
  switch (step.op) {
    case "same":
      Object.assign(required(next), { id: required(old).id, outputs: required(old).outputs });
      break;
    case "create":
    case "create-replacement":
      await create(required(next), context);
      break;
    case "update":
      await update(required(old), required(next), context);
      break;
    case "read":
    case "read-replacement":
      await read(step, required(next), context);
      break;
    case "delete":
    case "delete-replaced":
      await deleteResource(step, required(old), context);
      break;
    case "replace":
    case "discard":
    case "discard-replaced":
    case "remove-pending-replace":
      break;
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new TypeError("a step without the state it is about");
  }
  return value;
}

async function create(next: ResourceState, { dryRun, providers, now }: StepContext): Promise<void> {
  if (dryRun) {
    next.outputs = next.custom ? next.inputs : {};
    next.id = isProviderType(next.type) ? UNKNOWN : "";
    return;
  }
  if (next.custom) {
    const { id, outputs } = await providers.for(next).create(next.urn, next.inputs);
    Object.assign(next, { id, outputs });
  }
  next.created = next.modified = now().toISOString();
}

async function update(
  old: ResourceState,
  next: ResourceState,
  { dryRun, providers, now }: StepContext,
): Promise<void> {
  next.id = old.id;
  if (!next.custom) {
    return;
  }
  const provider = providers.for(next);
  next.outputs = dryRun
    ? provider.previewUpdate(old, next.inputs)
    : await provider.update(next.urn, old.id, old, next.inputs);
  next.modified = dryRun ? old.modified : now().toISOString();
}

async function read(
  { old, skipRead }: PlannedStep,
  next: ResourceState,
  { providers, now }: StepContext,
): Promise<void> {
  if (next.id === UNKNOWN || skipRead) {
    next.id = "";
    return;
  }
  const live = await providers
    .for(next)
    .read(next.urn, next.id, { inputs: next.inputs, outputs: next.inputs });
  next.id = live.id || next.id;
  next.outputs = live.outputs;
  next.created = old?.created ?? "";
  const same =
    old === undefined || (deepEqual(old.inputs, next.inputs) && deepEqual(old.outputs, next.outputs));
  next.modified = same ? (old?.modified ?? "") : now().toISOString();
}

async function deleteResource(step: PlannedStep, old: ResourceState, context: StepContext): Promise<void> {
  if (step.op === "delete" && old.protect) {
    throw new DeleteProtectedError(old.urn);
  }
  const skipsProvider = !old.custom || old.retainOnDelete || context.isDeleted(old.deletedWith);
  if (!context.dryRun && !skipsProvider) {
    await context.providers.for(old).delete(old.urn, old.id, old);
  }
}

function keepFailedInit(step: PlannedStep, error: ResourceInitError, { now }: StepContext): void {
  const next = required(step.next);
  next.id = error.id || next.id;
  next.outputs = error.properties as PropertyMap;
  next.initErrors = error.reasons;
  next.created ||= now().toISOString();
  next.modified = now().toISOString();
  if (step.op === "update") {
    // Keep the old inputs, so that the next run sees a difference and tries again.
    next.inputs = required(step.old).inputs;
  }
}

async function commit(step: PlannedStep, { snapshot, providers, save, dryRun }: StepContext): Promise<void> {
  const { op, old, next } = step;
  if (next !== undefined && op !== "replace") {
    next.outputs = withSecretOutputs(next);
    if (isProviderType(next.type)) {
      // An unchanged provider resource keeps its old configuration.
      providers.register(
        providerReference(next.urn, next.id),
        op === "same" ? required(old).inputs : next.inputs,
      );
    }
    snapshot.markNew(next);
  }
  if (old !== undefined && step.deleteOldLater) {
    old.delete = true;
  } else if (old !== undefined && step.pendingReplacement) {
    old.pendingReplacement = true;
  } else if (old !== undefined && op !== "replace") {
    snapshot.markDone(old);
  }
  const unchanged = op === "replace" || (op === "same" && isUnchanged(required(old), required(next)));
  if (!dryRun && !unchanged) {
    await save();
  }
}

function isUnchanged(old: ResourceState, next: ResourceState): boolean {
  return deepEqual(JSON.parse(JSON.stringify(old)), JSON.parse(JSON.stringify(next)));
}

/** Marks outputs as secret that are named in additionalSecretOutputs or whose input of the same name is a secret. */
export function withSecretOutputs({ outputs, inputs, additionalSecretOutputs }: ResourceState): PropertyMap {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => {
      const secret = additionalSecretOutputs.includes(key) || isSecret(inputs[key]);
      return [key, secret && !isSecret(value) ? makeSecret(value) : value];
    }),
  );
}
