import type { ResourceState } from "../../src/engine/state";
import { nameOf } from "../../src/engine/urn";
import type { Step } from "./engines";
import type { ResourceDescription } from "./fixtures/declare";

/** The references of a resource in the state. */
type ResourceReferences = Pick<
  ResourceState,
  "urn" | "parent" | "dependencies" | "propertyDependencies" | "deletedWith" | "provider"
>;

const STACK = "compared-dev";

/**
 * The order of the steps of resources that depend on one another: `x < y` if y began after x had ended, `x ~ y` if they
 * overlapped. The order of independent resources is not defined. Deletions follow the dependencies in the old state, all
 * other steps those in the program; between a deletion and another step, either counts. The steps of one resource, such
 * as those of a replacement, always have an order.
 */
export function orderOf(
  steps: Step[],
  before: ResourceReferences[],
  declared: ResourceDescription[],
): string[] {
  const stateEdges = edges(before.map((resource) => [nameOf(resource.urn), referencesInState(resource)]));
  const declaredEdges = edges(
    declared.map((resource) => [resource.name, referencesInProgram(resource, declared)]),
  );
  /** Deleted before its replacement is created, while the program is still registering its former dependencies. */
  const isDeletedBeforeReplacement = (step: Step) =>
    step.op.endsWith("-replaced") &&
    !steps
      .slice(0, steps.indexOf(step))
      .some(({ op, name }) => op === "create-replacement" && name === step.name);
  const deletedBeforeReplacement = new Set(steps.filter(isDeletedBeforeReplacement).map(({ name }) => name));
  const mayWaitFor = (deletion: Step, other: Step) =>
    isDeletion(deletion) &&
    (isDeletion(other) ||
      !isDeletedBeforeReplacement(deletion) ||
      other.name === STACK ||
      deletedBeforeReplacement.has(other.name));
  const related = (x: Step, y: Step) => {
    const edge = [x.name, y.name].sort().join();
    if (x.name === y.name) return x.op !== y.op;
    return (
      ((mayWaitFor(x, y) || mayWaitFor(y, x)) && stateEdges.has(edge)) ||
      (!(isDeletion(x) && isDeletion(y)) && declaredEdges.has(edge))
    );
  };
  const order = steps.flatMap((x, index) =>
    steps
      .slice(index + 1)
      .filter((y) => related(x, y))
      .map((y) => `${x.op} ${x.name} ${overlap(x, y) ? "~" : "<"} ${y.op} ${y.name}`),
  );
  return [...new Set(order)].sort();
}

const overlap = ({ span: x }: Step, { span: y }: Step) =>
  x !== undefined && y !== undefined && y.began < x.ended;

const isDeletion = ({ op }: Step) => /^(delete|discard|remove)/.test(op);

const edges = (dependencies: [string, string[]][]) =>
  new Set(dependencies.flatMap(([name, others]) => others.map((other) => [name, other].sort().join())));

const referencesInState = ({
  parent,
  dependencies,
  propertyDependencies,
  deletedWith,
  provider,
}: ResourceReferences) =>
  [
    ...[parent, deletedWith, provider.replace(/::[^:]*$/, "")],
    ...dependencies,
    ...Object.values(propertyDependencies).flat(),
  ].map(nameOf);

/** A dependency on a component is a dependency on all its descendants. */
function referencesInProgram(
  { inputs, options = {} }: ResourceDescription,
  declared: ResourceDescription[],
): string[] {
  const { parent = STACK, dependsOn = [], deletedWith = [] } = options as Record<string, string | string[]>;
  const withDescendants = (name: string): string[] => [
    name,
    ...declared
      .filter(({ options: of }) => of?.["parent"] === name)
      .flatMap((child) => withDescendants(child.name)),
  ];
  return [parent, deletedWith, ...[dependsOn].flat().map(withDescendants), referredTo(inputs)].flat(2);
}

/** The resources whose outputs are among the inputs: see fixtures/declare.js. */
function referredTo(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    ["$out", "$value", "$resource"].includes(key) ? [inner as string] : referredTo(inner),
  );
}
