import type { Step } from "../engine";
import type { ResourceState } from "../engine/state";
import { isProviderType, nameOf, STACK_TYPE } from "../engine/urn";
import { isSecret, UNKNOWN, unwrapSecrets } from "../engine/values";

/** A resource or component of a stack under test. */
export interface TestResource {
  /** The type token, such as `aws:sns/topic:Topic`. */
  type: string;
  /** The name in the program. */
  name: string;
  /** The URN. */
  urn: string;
  /** The id that the provider gave it; empty for a component. */
  id: string;
  /** Decrypted, as are the outputs. */
  inputs: Record<string, unknown>;
  /** The outputs, by name. */
  outputs: Record<string, unknown>;
  /** The names of the outputs that are secret. */
  secretOutputs: string[];
  /** The parent's URN; the stack's own when the program names none. */
  parent: string;
  /** The URNs of the resources that it depends on. */
  dependencies: string[];
  /** The option `protect`: it may not be deleted. */
  protect: boolean;
  /**
   * What the next operation has to do after a replacement that failed or was interrupted: the `deletion` of the old
   * resource, or the `replacement` of one that is already deleted.
   */
  pending?: "deletion" | "replacement";
}

/** Without providers and the stack itself. */
export const toTestResources = (states: readonly ResourceState[]): TestResource[] =>
  states.filter(isProgramResource).map(({ type, urn, id, inputs, outputs, ...state }) => ({
    ...{ type, name: nameOf(urn), urn, id, parent: state.parent, dependencies: state.dependencies },
    protect: state.protect,
    ...(state.delete && { pending: "deletion" }),
    ...(state.pendingReplacement && { pending: "replacement" }),
    inputs: Object(unwrapSecrets(inputs)),
    outputs: Object(unwrapSecrets(outputs)),
    secretOutputs: Object.keys(outputs).filter((key) => isSecret(outputs[key])),
  }));

export const isProgramResource = ({ type }: { type: string }) => type !== STACK_TYPE && !isProviderType(type);

// The two halves of a replacement add nothing to its `replace` step.
const OMITTED_OPS: readonly Step["op"][] = ["same", "create-replacement", "delete-replaced"];

/** One line for each change, such as `create DelegationRequest acme`, sorted. */
export const formatChanges = (steps: readonly Step[]): string[] =>
  steps
    .filter((step) => !OMITTED_OPS.includes(step.op) && isProgramResource(step))
    .map(({ op, type, urn }) => `${op} ${type.split(":").at(-1)} ${nameOf(urn)}`)
    .sort();

/** The value with unknowns replaced by undefined. */
export function withoutUnknowns(value: unknown): unknown {
  if (value === UNKNOWN) return undefined;
  if (Array.isArray(value)) return value.map(withoutUnknowns);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutUnknowns(inner)]));
}
