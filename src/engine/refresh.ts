import { Semaphore } from "./concurrency";
import { withoutDanglingReferences } from "./dependencies";
import type { Diagnostic } from "./deployment";
import { messageOf, ResourceInitError } from "./errors";
import type { LiveResource } from "./provider";
import type { ProviderRegistry } from "./providerRegistry";
import type { ResourceState } from "./state";
import { withSecretOutputs } from "./stepExecutor";
import { isProviderType } from "./urn";
import { changedKeys, deepEqual, type PropertyMap } from "./values";

interface RefreshStep {
  op: "same" | "update" | "delete";
  old: ResourceState;
  /** undefined if the resource no longer exists. */
  next?: ResourceState;
}

export interface RefreshOptions {
  providers: ProviderRegistry;
  parallel: number;
  onStep(step: RefreshStep, phase: "start" | "done" | "failed", seconds: number): void;
  onDiagnostic(diagnostic: Diagnostic): void;
}

/**
 * Reads every resource. One that cannot be read keeps its state; one that no longer exists is removed, together with the
 * references to it.
 */
export async function refreshResources(
  resources: ResourceState[],
  options: RefreshOptions,
): Promise<ResourceState[]> {
  const slots = new Semaphore(options.parallel);
  const steps = await Promise.all(resources.map((old) => slots.run(() => refreshResource(old, options))));
  const remaining = steps.flatMap(({ next }) => (next === undefined ? [] : [next]));
  const deleted = steps.filter(({ next }) => next === undefined).map(({ old }) => old);
  return withoutDanglingReferences(remaining, deleted);
}

async function refreshResource(old: ResourceState, options: RefreshOptions): Promise<RefreshStep> {
  const unchanged: RefreshStep = { op: "same", old, next: old };
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  options.onStep(unchanged, "start", 0);
  try {
    const step = await readResource(old, options);
    options.onStep(step, "done", seconds());
    return step;
  } catch (error) {
    options.onStep(unchanged, "failed", seconds());
    options.onDiagnostic({ severity: "error", urn: old.urn, message: messageOf(error) });
    return unchanged;
  }
}

async function readResource(old: ResourceState, options: RefreshOptions): Promise<RefreshStep> {
  if (!old.custom || isProviderType(old.type) || old.pendingReplacement) {
    return { op: "same", old, next: old };
  }
  const provider = options.providers.for(old);
  const live: LiveResource & { initErrors?: string[] } = await provider
    .read(old.urn, old.id, old)
    .catch((error) => keepUnhealthy(error, old, options));
  if (live.id === "") {
    return { op: "delete", old };
  }
  const { inputs = old.inputs, initErrors = [] } = live;
  const next: ResourceState = { ...old, id: live.id, inputs, outputs: live.outputs, initErrors };
  next.outputs = withSecretOutputs(next);
  if (!deepEqual(old.inputs, next.inputs) || !deepEqual(old.outputs, next.outputs)) {
    next.modified = new Date().toISOString();
  }
  // As in Pulumi, the displayed change is what an `up` of the unchanged program would do: the diff from live to desired.
  const changed = old.external
    ? changedKeys(old.outputs, next.outputs).length > 0
    : (await provider.diff(old.urn, next.id, next, old.inputs, old.ignoreChanges)).changes;
  return { op: changed ? "update" : "same", old, next };
}

function keepUnhealthy(error: unknown, old: ResourceState, options: RefreshOptions) {
  if (!(error instanceof ResourceInitError)) {
    throw error;
  }
  options.onDiagnostic({
    severity: "warning",
    urn: old.urn,
    message: `Refreshed resource is in an unhealthy state:\n* ${error.reasons.join("\n* ")}`,
  });
  return { id: error.id, outputs: error.properties as PropertyMap, initErrors: error.reasons };
}
