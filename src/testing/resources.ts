import type { Step } from "../engine";
import type { ResourceState } from "../engine/state";
import { isProviderType, nameOf, STACK_TYPE } from "../engine/urn";
import { isSecret, UNKNOWN, unwrapSecrets } from "../engine/values";

/** A resource or component as a stack holds it. */
export interface TestResource {
  /** The type token, such as `aws:sns/topic:Topic`. */
  type: string;
  name: string;
  urn: string;
  /** What AWS calls it; empty for a component. */
  id: string;
  /** Decrypted, as are the outputs. */
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  /** The names of the outputs that are secret. */
  secretOutputs: string[];
  /** The parent's URN; the stack's own when the program names none. */
  parent: string;
  /** The URNs of what must be there before. */
  dependencies: string[];
  protect: boolean;
  /**
   * What a replacement that failed or was cut off has left to the next operation: the `deletion` of one whose successor
   * is there, or the `replacement` of one that is deleted already.
   */
  pending?: "deletion" | "replacement";
}

/** All but providers and the stack itself. */
export const testResourcesOf = (states: readonly ResourceState[]): TestResource[] =>
  states.filter(isOfTheProgram).map(({ type, urn, id, inputs, outputs, ...state }) => ({
    ...{ type, name: nameOf(urn), urn, id, parent: state.parent, dependencies: state.dependencies },
    protect: state.protect,
    ...(state.delete && { pending: "deletion" }),
    ...(state.pendingReplacement && { pending: "replacement" }),
    inputs: Object(unwrapSecrets(inputs)),
    outputs: Object(unwrapSecrets(outputs)),
    secretOutputs: Object.keys(outputs).filter((key) => isSecret(outputs[key])),
  }));

export const isOfTheProgram = ({ type }: { type: string }) => type !== STACK_TYPE && !isProviderType(type);

// The halves of a replacement have its name and say nothing that `replace` does not.
const NOT_TOLD: readonly Step["op"][] = ["same", "create-replacement", "delete-replaced"];

export const changesOf = (steps: readonly Step[]): string[] =>
  steps
    .filter((step) => !NOT_TOLD.includes(step.op) && isOfTheProgram(step))
    .map(({ op, type, urn }) => `${op} ${type.split(":").at(-1)} ${nameOf(urn)}`)
    .sort();

/** A value in which what a preview does not know is undefined. */
export function withoutUnknowns(value: unknown): unknown {
  if (value === UNKNOWN) return undefined;
  if (Array.isArray(value)) return value.map(withoutUnknowns);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutUnknowns(inner)]));
}
