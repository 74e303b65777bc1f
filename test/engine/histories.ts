import fc from "fast-check";
import type { Config, Operation } from "./engines";
import type { FileCloud } from "./fileCloud";
import type { ProgramDescription } from "./fixtures/declare";
import { applyChange, type Change, rememberIdentity, render, type Slot } from "./programModel";
import type { Run } from "./programs";

/** One run of a history, as data. */
export interface Event {
  operation: Operation;
  refresh: boolean;
  program: ProgramDescription;
  /** The calls that fail, as `FileCloud.fail` takes them. */
  failures: Record<string, string | { reasons: string[] }>;
  /** Changes, outside of the engine, to the newest resource with a label. */
  cloud: { label: string; happens: "change" | "lose" }[];
}

export interface History {
  config: Config;
  events: Event[];
}

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

/** See fixtures/thing.js: a change of an input whose name starts with `r` requires a replacement, with `rd` by deleting first. */
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
const optionWeights: Record<string, number> = { parent: 6, dependsOn: 2, deleteBeforeReplace: 3 };
/** Options that may make an operation fail. */
const riskyOptionArbitraries = { protect: fc.boolean(), get: fc.nat(4) };

const some = (arbitraries: Record<string, fc.Arbitrary<unknown>>, weights: Record<string, number>) =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(arbitraries).map(([key, one]) => [key, rarely(one, weights[key] ?? 1)]),
      ),
    )
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined)));

/** A change of one key: to a new value, or to none. */
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
        formerIdentities: [],
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
      weight: 4,
      arbitrary: fc.constantFrom({ rename: "aliased" as const }, { rename: "forgotten" as const }),
    },
    { weight: 1, arbitrary: fc.constant({ move: true as const }) },
  );
  return fc.record({ slot: fc.nat(4), change });
}

const CONFIG: Config = { plain: "visible", hidden: { value: "hush", secret: true } };

const operation = fc.oneof(
  { withCrossShrink: true },
  { weight: 9, arbitrary: fc.constant("up" as const) },
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
const cloudChange = fc.record({
  slot: fc.nat(4),
  happens: fc.constantFrom("change" as const, "lose" as const),
});

/**
 * Programs and the operations on them. If calls may fail, each resource depends on the one before it: otherwise it would
 * be random, on either engine, which other steps are running when a call fails.
 */
function historiesWith(risky: boolean): fc.Arbitrary<History> {
  const options = risky ? { ...optionArbitraries, ...riskyOptionArbitraries } : optionArbitraries;
  const event = fc.record({
    operation,
    refresh: mostly(false, fc.constant(true)),
    edits: fc.array(edits(options), { minLength: 1, maxLength: 5, size: "max" }),
    failures: mostly([], fc.array(failure, { minLength: 1, maxLength: 4, size: "max" }), risky ? 6 : 0),
    cloud: mostly([], fc.array(cloudChange, { minLength: 1, maxLength: 2 }), 3),
  });
  return fc
    .record({
      configured: mostly(false, fc.constant(true)),
      slots: slots(options),
      outputs: some({ one: simple, two: nested }, { one: 2 }),
      events: fc.array(event, { minLength: 3, maxLength: 6, size: "max" }),
    })
    .map(({ configured, slots: initial, outputs, events }) => {
      const label = (slot: number) => initial[slot % initial.length]?.label ?? "";
      let current = initial;
      return {
        config: configured ? CONFIG : {},
        events: events.map(({ edits: changes, failures, cloud, ...rest }): Event => {
          for (const { slot, change } of changes) {
            current = applyChange(current, label(slot), change);
          }
          const program = render(current, outputs, risky);
          current = current.map((one) => rememberIdentity(one, program));
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

export const histories: fc.Arbitrary<History> = fc.oneof(historiesWith(false), historiesWith(true));

/** Converts an event to a run of a comparison. */
export function runOf({ operation, refresh, program, failures, cloud }: Event): Run {
  return {
    operation,
    program,
    ...(refresh && operation !== "refresh" && { options: { refresh } }),
    before: (world: FileCloud) => {
      world.fail(failures);
      for (const { label, happens } of cloud) {
        const id = world.resourceIds().findLast((one) => one.startsWith(`${label}-`));
        if (id !== undefined) {
          happens === "lose" ? world.deleteResource(id) : world.changeResource(id, { tag: 9 });
        }
      }
    },
  };
}
