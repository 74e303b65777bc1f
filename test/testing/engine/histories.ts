import fc from "fast-check";
import type { Config, Operation } from "./engines";
import type { ProgramDescription, ResourceDescription } from "./fixtures/declare";
import type { Run } from "./programs";
import type { World } from "./world";

/** One run of a history, as data. */
export interface Event {
  operation: Operation;
  refresh: boolean;
  program: ProgramDescription;
  /** The calls that fail, as `World.fail` takes them. */
  failures: Record<string, string | { reasons: string[] }>;
  /** What happens to the newest resource of a label behind the engine's back. */
  cloud: { label: string; happens: "change" | "lose" }[];
}

export interface History {
  config: Config;
  events: Event[];
}

/** A resource of the model. References are numbers, which `render` makes names of what was declared before. */
interface Slot {
  label: string;
  kind: "thing" | "group";
  present: boolean;
  name: string;
  inputs: Record<string, unknown>;
  options: Record<string, unknown>;
  /** Under which names and parents the state may know it. */
  former: { name: string; parent: string | undefined }[];
}

type Change =
  | { present: boolean }
  | { inputs: Record<string, unknown> }
  | { options: Record<string, unknown> }
  | { rename: "aliased" | "forgotten" }
  | { move: true };
type Edit = { slot: number; change: Change };

const mostly = <T>(usual: T, other: fc.Arbitrary<T>, weight = 1) =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight, arbitrary: other },
  );
const rarely = (arbitrary: fc.Arbitrary<unknown>, weight: number) =>
  mostly<unknown>(undefined, arbitrary, weight);

const literal = fc.integer({ min: 1, max: 4 });
const reference = fc.record({ $out: fc.nat(4) });
const simple = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: literal },
  { weight: 3, arbitrary: reference },
  { weight: 1, arbitrary: fc.record({ $value: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ $resource: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ $secret: fc.oneof(literal, reference) }) },
  { weight: 1, arbitrary: fc.constantFrom({ $secretConfig: "hidden" }, { $config: "plain" }) },
);
const nested = fc.oneof(
  { withCrossShrink: true },
  fc.record({ x: simple, y: literal }),
  fc.array(simple, { minLength: 1, maxLength: 2 }),
);

/** See fixtures/thing.js: what begins with `r` replaces, and with `rd` deletes before it does. */
const inputArbitraries: Record<string, fc.Arbitrary<unknown>> = {
  value: simple,
  r: simple,
  rd: simple,
  deep: nested,
  variant: fc.constant("/**/"),
  handler: fc.constantFrom("undiffed", "unsure"),
};
const inputWeights: Record<string, number> = { value: 8, r: 5, rd: 5, deep: 4, variant: 1, handler: 1 };

const path = fc.constantFrom("value", "r", "rd", "deep", "deep.x", "deep[0]", "deep.*", "absent.x");
const optionArbitraries: Record<string, fc.Arbitrary<unknown>> = {
  parent: fc.nat(2),
  dependsOn: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 2 }),
  ignoreChanges: fc.uniqueArray(path, { minLength: 1, maxLength: 2 }),
  replaceOnChanges: fc.uniqueArray(path, { minLength: 1, maxLength: 2 }),
  additionalSecretOutputs: fc.constantFrom(["out"], ["value", "absent"]),
  deleteBeforeReplace: fc.boolean(),
  retainOnDelete: fc.constant(true),
  deletedWith: fc.nat(4),
};
const optionWeights: Record<string, number> = { parent: 3, dependsOn: 2 };
/** What may end in a failure. */
const riskyOptionArbitraries = { protect: fc.boolean(), get: fc.nat(4) };

const some = (arbitraries: Record<string, fc.Arbitrary<unknown>>, weights: Record<string, number>) =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(arbitraries).map(([key, one]) => [key, rarely(one, weights[key] ?? 1)]),
      ),
    )
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined)));

/** One key with a new value, or without any. */
const another = (arbitraries: Record<string, fc.Arbitrary<unknown>>, weights: Record<string, number>) =>
  fc.oneof(
    ...Object.entries(arbitraries).map(([key, one]) => ({
      weight: weights[key] ?? 1,
      arbitrary: fc.option(one, { freq: 4, nil: undefined }).map((value) => ({ [key]: value })),
    })),
  );

function slots(options: typeof optionArbitraries) {
  const slot = fc.record({
    kind: mostly<Slot["kind"]>("thing", fc.constant("group"), 2),
    present: mostly(true, fc.constant(false)),
    inputs: some(inputArbitraries, inputWeights),
    options: some(options, optionWeights),
  });
  return fc.array(slot, { minLength: 1, maxLength: 5, size: "max" }).map((all) =>
    all.map(
      (one, index): Slot => ({
        ...one,
        label: "abcde"[index] ?? "",
        name: "abcde"[index] ?? "",
        former: [],
      }),
    ),
  );
}

function edits(options: typeof optionArbitraries): fc.Arbitrary<Edit> {
  const change: fc.Arbitrary<Change> = fc.oneof(
    { weight: 7, arbitrary: another(inputArbitraries, inputWeights).map((inputs) => ({ inputs })) },
    { weight: 3, arbitrary: another(options, optionWeights).map((changed) => ({ options: changed })) },
    { weight: 2, arbitrary: fc.boolean().map((present) => ({ present })) },
    {
      weight: 2,
      arbitrary: fc.constantFrom({ rename: "aliased" as const }, { rename: "forgotten" as const }),
    },
    { weight: 1, arbitrary: fc.constant({ move: true as const }) },
  );
  return fc.record({ slot: fc.nat(4), change });
}

const CONFIG: Config = { plain: "visible", hidden: { value: "hush", secret: true } };

const operation = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fc.constant("up" as const) },
  { weight: 2, arbitrary: fc.constantFrom("preview" as const, "refresh" as const) },
  { weight: 1, arbitrary: fc.constant("destroy" as const) },
);
const failure = fc.record({
  slot: fc.nat(4),
  call: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("create", "update", "delete") },
    { weight: 1, arbitrary: fc.constantFrom("read", "check") },
  ),
  initialization: fc.boolean(),
});
const happening = fc.record({
  slot: fc.nat(4),
  happens: fc.constantFrom("change" as const, "lose" as const),
});

/**
 * Programs, and what becomes of them. Those in which something may fail have their resources in a row, each after the
 * one before it: what else is under way when something fails is a matter of chance, on either engine.
 */
function historiesWith(risky: boolean): fc.Arbitrary<History> {
  const options = risky ? { ...optionArbitraries, ...riskyOptionArbitraries } : optionArbitraries;
  const event = fc.record({
    operation,
    refresh: mostly(false, fc.constant(true)),
    edits: fc.array(edits(options), { minLength: 1, maxLength: 3, size: "max" }),
    failures: mostly([], fc.array(failure, { minLength: 1, maxLength: 2 }), risky ? 4 : 0),
    cloud: mostly([], fc.array(happening, { minLength: 1, maxLength: 2 }), 3),
  });
  return fc
    .record({
      configured: mostly(false, fc.constant(true)),
      slots: slots(options),
      outputs: some({ one: simple, two: nested }, { one: 2 }),
      events: fc.array(event, { minLength: 3, maxLength: 5, size: "max" }),
    })
    .map(({ configured, slots: initial, outputs, events }) => {
      const label = (slot: number) => initial[slot % initial.length]?.label ?? "";
      let current = initial;
      return {
        config: configured ? CONFIG : {},
        events: events.map(({ edits: changes, failures, cloud, ...rest }): Event => {
          for (const { slot, change } of changes) {
            current = edited(current, label(slot), change);
          }
          const program = render(current, outputs, risky);
          current = current.map((one) => remembering(one, program));
          return {
            ...rest,
            program,
            failures: Object.fromEntries(
              failures.map(({ slot, call, initialization }) => [
                `${call} ${label(slot)}`,
                initialization && ["create", "update"].includes(call)
                  ? { reasons: [`${call} is slow`] }
                  : `no ${call}`,
              ]),
            ),
            cloud: cloud.map(({ slot, happens }) => ({ label: label(slot), happens })),
          };
        }),
      };
    });
}

function edited(slots: Slot[], label: string, change: Change): Slot[] {
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
  return { ...slot, name, former: change.rename === "aliased" ? slot.former : [] };
}

function remembering(slot: Slot, { resources }: ProgramDescription): Slot {
  const declared = resources.find(({ name }) => name === slot.name);
  const identity = { name: slot.name, parent: parentOf(declared) };
  const known = declared === undefined || slot.former.some((one) => isSame(one, identity));
  return known ? slot : { ...slot, former: [...slot.former, identity] };
}

type Identity = Slot["former"][number];
const isSame = (x: Identity, y: Identity) => x.name === y.name && x.parent === y.parent;
const parentOf = (resource?: ResourceDescription) => resource?.options?.["parent"] as string | undefined;

/** What of a program has been declared so far. */
interface Declared {
  resources: ResourceDescription[];
  /** Components that something depends on: a child that comes later would wait for itself. */
  closed: Set<string>;
}

function render(slots: Slot[], outputs: Record<string, unknown>, inARow: boolean): ProgramDescription {
  const declared: Declared = { resources: [], closed: new Set() };
  for (const slot of slots) {
    if (slot.present) {
      declared.resources.push(declaration(slot, declared, inARow));
    }
  }
  return { resources: declared.resources, outputs: resolve(outputs, declared) as Record<string, unknown> };
}

function declaration(slot: Slot, declared: Declared, inARow: boolean): ResourceDescription {
  const { label, kind, name, former } = slot;
  const { parent, dependsOn, deletedWith, get, ...others } = slot.options;
  const groups = declared.resources.filter((one) => one.kind === "group");
  const things = declared.resources.filter((one) => one.kind === "thing");
  // A dependency on a component is one on what is in it; on an empty one it is none.
  const awaited = declared.resources.filter((one) =>
    things.some(({ name: thing }) => isWithin(thing, one.name, declared)),
  );
  const inside = nth(
    groups.filter((one) => !declared.closed.has(one.name)),
    parent,
  )?.name;
  const read = kind === "thing" ? nth(things, get) : undefined;
  const before = [
    ...((dependsOn as number[] | undefined) ?? []).map((index) => nth(awaited, index)?.name),
    ...(inARow ? [things.at(-1)?.name] : []),
    read?.name,
  ].filter((one) => one !== undefined && !isWithin(inside, one, declared));
  for (const one of before) {
    for (const group of groups) {
      if (one !== undefined && isWithin(group.name, one, declared)) declared.closed.add(group.name);
    }
  }
  const aliases = former
    .filter((one) => !isSame(one, { name, parent: inside }))
    .flatMap((one) => alias(one, inside, declared));
  const { inputs, options } =
    kind === "group"
      ? { inputs: pick(slot.inputs, ["value", "deep"]), options: pick(others, GROUP_OPTIONS) }
      : {
          inputs: { label, ...(read === undefined && slot.inputs) },
          options: { ...others, ...withDefined({ deletedWith: nth(things, deletedWith)?.name }) },
        };
  return {
    ...{ name, kind },
    inputs: resolve(withDefined(inputs), declared) as Record<string, unknown>,
    options: withDefined({
      ...options,
      parent: inside,
      get: read && `${read.inputs?.["label"]}-1`,
      dependsOn: before.length > 0 ? [...new Set(before)] : undefined,
      aliases: aliases.length > 0 ? aliases : undefined,
    }),
  };
}

const GROUP_OPTIONS = ["protect", "retainOnDelete", "ignoreChanges"];

function alias({ name, parent }: Identity, current: string | undefined, { resources }: Declared): object[] {
  if (parent === current) return [{ name }];
  if (parent === undefined) return [{ name, noParent: true }];
  return resources.some((one) => one.name === parent) ? [{ name, parent }] : [];
}

/** Whether `name` is `ancestor`, or a child of it, or of one of its children. */
function isWithin(name: string | undefined, ancestor: string, declared: Declared): boolean {
  if (name === undefined || name === ancestor) return name === ancestor;
  return isWithin(parentOf(declared.resources.find((one) => one.name === name)), ancestor, declared);
}

/** The expression with names in the place of numbers; where there is nothing to name, a number is left. */
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
  $out: ({ kind }) => kind === "thing",
  $resource: ({ kind }) => kind === "thing",
  // An output of which nothing is known is no dependency.
  $value: ({ kind, inputs }) =>
    kind === "thing" && /^(\d|\{"\$(out|secret))/.test(JSON.stringify(inputs?.["value"]) ?? ""),
};

const nth = <T>(all: T[], index: unknown): T | undefined =>
  typeof index === "number" ? all[index % all.length] : undefined;

const withDefined = (map: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));

const pick = (map: Record<string, unknown>, keys: string[]) =>
  Object.fromEntries(Object.entries(map).filter(([key]) => keys.includes(key)));

export const histories: fc.Arbitrary<History> = fc.oneof(historiesWith(false), historiesWith(true));

/** An event in the form of the comparisons. */
export function runOf({ operation, refresh, program, failures, cloud }: Event): Run {
  return {
    operation,
    program,
    ...(refresh && operation !== "refresh" && { options: { refresh } }),
    before: (world: World) => {
      world.fail(failures);
      for (const { label, happens } of cloud) {
        const id = world.living().findLast((one) => one.startsWith(`${label}-`));
        if (id !== undefined) {
          happens === "lose" ? world.lose(id) : world.change(id, { tag: 9 });
        }
      }
    },
  };
}
