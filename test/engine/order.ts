import type { ResourceState } from "../../src/engine/state";
import { nameOf } from "../../src/engine/urn";
import type { Step } from "./engines";
import type { ResourceDescription } from "./fixtures/declare";

/** A resource as the state says what it depends on. */
type Placed = Pick<
  ResourceState,
  "urn" | "parent" | "dependencies" | "propertyDependencies" | "deletedWith" | "provider"
>;

const STACK = "compared-dev";

/**
 * How the steps of resources that depend on one another came: `x < y` when y began after x had ended, `x ~ y` when it did
 * not wait for that. What is independent takes its steps in any order. Deletions follow what the state says of the old
 * resources, all else what the program says of the new ones; between a deletion and something else either counts. The
 * steps of one resource, such as the halves of a replacement, always come in order.
 */
export function orderOf(steps: Step[], before: Placed[], declared: ResourceDescription[]): string[] {
  const old = edges(before.map((resource) => [nameOf(resource.urn), inState(resource)]));
  const fresh = edges(declared.map((resource) => [resource.name, inProgram(resource, declared)]));
  /** Deleted ahead of a replacement, while what it depended on before is still being declared. */
  const isEarly = (step: Step) =>
    step.op.endsWith("-replaced") &&
    !steps
      .slice(0, steps.indexOf(step))
      .some(({ op, name }) => op === "create-replacement" && name === step.name);
  const early = new Set(steps.filter(isEarly).map(({ name }) => name));
  const waits = (deletion: Step, other: Step) =>
    isDeletion(deletion) &&
    (isDeletion(other) || !isEarly(deletion) || other.name === STACK || early.has(other.name));
  const related = (x: Step, y: Step) => {
    const edge = [x.name, y.name].sort().join();
    if (x.name === y.name) return x.op !== y.op;
    return (
      ((waits(x, y) || waits(y, x)) && old.has(edge)) ||
      (!(isDeletion(x) && isDeletion(y)) && fresh.has(edge))
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

const inState = ({ parent, dependencies, propertyDependencies, deletedWith, provider }: Placed) =>
  [
    ...[parent, deletedWith, provider.replace(/::[^:]*$/, "")],
    ...dependencies,
    ...Object.values(propertyDependencies).flat(),
  ].map(nameOf);

/** A dependency on a component is one on all that is in it. */
function inProgram({ inputs, options = {} }: ResourceDescription, declared: ResourceDescription[]): string[] {
  const { parent = STACK, dependsOn = [], deletedWith = [] } = options as Record<string, string | string[]>;
  const family = (name: string): string[] => [
    name,
    ...declared.filter(({ options: of }) => of?.["parent"] === name).flatMap((child) => family(child.name)),
  ];
  return [parent, deletedWith, ...[dependsOn].flat().map(family), referredTo(inputs)].flat(2);
}

/** The resources whose outputs are among the inputs: see fixtures/declare.js. */
function referredTo(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    ["$out", "$value", "$resource"].includes(key) ? [inner as string] : referredTo(inner),
  );
}
