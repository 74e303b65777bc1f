import type { ProgramDescription, ResourceDescription } from "./fixtures/declare";

/** A resource of the model. References are numbers, which `render` turns into names of resources that were declared before. */
export interface Slot {
  label: string;
  kind: "thing" | "group";
  present: boolean;
  name: string;
  inputs: Record<string, unknown>;
  options: Record<string, unknown>;
  /** The names and parents that it may have in the state. */
  formerIdentities: { name: string; parent: string | undefined }[];
}

export type Change =
  | { present: boolean }
  | { inputs: Record<string, unknown> }
  | { options: Record<string, unknown> }
  | { rename: "aliased" | "forgotten" }
  | { move: true };

export function applyChange(slots: Slot[], label: string, change: Change): Slot[] {
  if ("move" in change) {
    return [...slots.filter((one) => one.label !== label), ...slots.filter((one) => one.label === label)];
  }
  return slots.map((one) => (one.label === label ? changed(one, change) : one));
}

function changed(slot: Slot, change: Exclude<Change, { move: true }>): Slot {
  if ("present" in change) return { ...slot, present: change.present };
  if ("inputs" in change) return { ...slot, inputs: { ...slot.inputs, ...change.inputs } };
  if ("options" in change) return { ...slot, options: { ...slot.options, ...change.options } };
  const name = slot.label + (Number(slot.name.slice(1)) + 1);
  return { ...slot, name, formerIdentities: change.rename === "aliased" ? slot.formerIdentities : [] };
}

/** Adds the name and parent in the program to the slot's former identities. */
export function rememberIdentity(slot: Slot, { resources }: ProgramDescription): Slot {
  const declared = resources.find(({ name }) => name === slot.name);
  const identity = { name: slot.name, parent: parentOf(declared) };
  const known = declared === undefined || slot.formerIdentities.some((one) => isSame(one, identity));
  return known ? slot : { ...slot, formerIdentities: [...slot.formerIdentities, identity] };
}

type Identity = Slot["formerIdentities"][number];
const isSame = (x: Identity, y: Identity) => x.name === y.name && x.parent === y.parent;
const parentOf = (resource?: ResourceDescription) => resource?.options?.["parent"] as string | undefined;

/** The part of a program that has been declared so far. */
interface Declared {
  resources: ResourceDescription[];
  /** Components that something depends on: a child that comes later would wait for itself. */
  closed: Set<string>;
}

/** @param inARow whether each thing depends on the one before it */
export function render(slots: Slot[], outputs: Record<string, unknown>, inARow: boolean): ProgramDescription {
  const declared: Declared = { resources: [], closed: new Set() };
  for (const slot of slots) {
    if (slot.present) {
      declared.resources.push(declaration(slot, declared, inARow));
    }
  }
  return { resources: declared.resources, outputs: resolve(outputs, declared) as Record<string, unknown> };
}

function declaration(slot: Slot, declared: Declared, inARow: boolean): ResourceDescription {
  const { label, kind, name } = slot;
  const { parent, dependsOn, deletedWith, get, ...others } = slot.options;
  const groups = declared.resources.filter((one) => isGroup(one) && !declared.closed.has(one.name));
  const things = declared.resources.filter((one) => !isGroup(one));
  const inside = nth(groups, parent)?.name;
  const read = kind === "thing" ? nth(things, get) : undefined;
  const awaited = dependenciesFor((dependsOn as number[] | undefined) ?? [], inside, declared);
  const row = inARow ? [things.at(-1)?.name] : [];
  const { inputs, options } =
    kind === "group"
      ? { inputs: pick(slot.inputs, ["value", "deep"]), options: pick(others, GROUP_OPTIONS) }
      : {
          inputs: { label, ...(read === undefined && slot.inputs) },
          options: { ...others, deletedWith: nth(things, deletedWith)?.name },
        };
  return {
    ...{ name, kind },
    inputs: resolve(withDefined(inputs), declared) as Record<string, unknown>,
    options: withDefined({
      ...options,
      parent: inside,
      get: read && `${read.inputs?.["label"]}-1`,
      dependsOn: unlessEmpty([...awaited, ...row, read?.name].filter((one) => one !== undefined)),
      aliases: unlessEmpty(aliasesOf(slot, inside, declared)),
    }),
  };
}

/** A dependency on a component is one on its descendants, so an empty component cannot be depended on. */
function dependenciesFor(dependsOn: number[], inside: string | undefined, declared: Declared): string[] {
  const { resources, closed } = declared;
  const waitable = resources
    .map(({ name }) => name)
    .filter((name) => !isWithin(inside, name, declared))
    .filter((name) => resources.some((one) => !isGroup(one) && isWithin(one.name, name, declared)));
  const awaited = dependsOn.map((index) => nth(waitable, index)).filter((one) => one !== undefined);
  for (const { name } of resources.filter(isGroup)) {
    if (awaited.some((one) => isWithin(name, one, declared))) {
      closed.add(name);
    }
  }
  return awaited;
}

function aliasesOf(
  { name, formerIdentities: former }: Slot,
  parent: string | undefined,
  { resources }: Declared,
): object[] {
  return former
    .filter((one) => !isSame(one, { name, parent }))
    .flatMap((one) => {
      if (one.parent === parent) return [{ name: one.name }];
      if (one.parent === undefined) return [{ name: one.name, noParent: true }];
      return resources.some((other) => other.name === one.parent) ? [one] : [];
    });
}

const GROUP_OPTIONS = ["protect", "retainOnDelete", "ignoreChanges"];

/** Whether `name` is `ancestor`, or a child of it, or of one of its children. */
function isWithin(name: string | undefined, ancestor: string, declared: Declared): boolean {
  if (name === undefined || name === ancestor) return name === ancestor;
  return isWithin(parentOf(declared.resources.find((one) => one.name === name)), ancestor, declared);
}

/** Replaces the numbers in references by names, or a reference by 0 if there is no resource to refer to. */
function resolve(expression: unknown, declared: Declared): unknown {
  if (Array.isArray(expression)) return expression.map((one) => resolve(one, declared));
  if (typeof expression !== "object" || expression === null) return expression;
  return (
    Object.entries(expression)
      .filter(([key]) => key in REFERENCES)
      .map(([key, index]) => {
        const found = nth(declared.resources.filter(REFERENCES[key] ?? (() => false)), index);
        return found === undefined ? 0 : { [key]: found.name };
      })[0] ??
    Object.fromEntries(Object.entries(expression).map(([key, one]) => [key, resolve(one, declared)]))
  );
}

const REFERENCES: Record<string, (resource: ResourceDescription) => boolean> = {
  $out: (one) => !isGroup(one),
  $resource: (one) => !isGroup(one),
  // An output without a known value is not a dependency.
  $value: (one) =>
    !isGroup(one) && /^(\d|\{"\$(out|secret))/.test(JSON.stringify(one.inputs?.["value"]) ?? ""),
};

const nth = <T>(all: T[], index: unknown): T | undefined =>
  typeof index === "number" ? all[index % all.length] : undefined;

const withDefined = (map: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));

const pick = (map: Record<string, unknown>, keys: string[]) =>
  Object.fromEntries(Object.entries(map).filter(([key]) => keys.includes(key)));

const isGroup = ({ kind }: ResourceDescription) => kind === "group";

const unlessEmpty = <T>(all: T[]): T[] | undefined => (all.length > 0 ? [...new Set(all)] : undefined);
