import { aliasUrns } from "../../src/engine/aliases";
import { dependentsOf, scheduleDeletes, withoutDanglingReferences } from "../../src/engine/dependencies";
import { durationInSeconds } from "../../src/engine/goals";
import { applyIgnoreChanges, containsPath, parsePropertyPath } from "../../src/engine/propertyPath";
import { withReplaceOnChanges } from "../../src/engine/replacement";
import { newResourceState, type ResourceState } from "../../src/engine/state";
import { createUrn } from "../../src/engine/urn";
import {
  annotateSecrets,
  changedKeys,
  makeSecret,
  type PropertyMap,
  plainForProvider,
  reduceOutputValues,
  UNKNOWN,
} from "../../src/engine/values";

const resource = (urn: string, fields: Partial<ResourceState> = {}): ResourceState =>
  newResourceState({ urn, type: "t", custom: true, ...fields });
const urns = (resources: Iterable<ResourceState>) => [...resources].map(({ urn }) => urn);

describe("property paths", () => {
  test.each([
    ["a", ["a"]],
    ["a.b[0].c", ["a", "b", 0, "c"]],
    ['a["b.c"][*].d', ["a", "b.c", "*", "d"]],
    ["*", ["*"]],
  ])("%s", (text, path) => {
    expect(parsePropertyPath(text)).toEqual(path);
  });

  test("a path that cannot be read is an error", () => {
    expect(() => parsePropertyPath("a[b")).toThrow("not a property path");
  });

  test("a path contains what lies below it", () => {
    expect(containsPath(["a", "*"], ["a", "b", 1])).toBe(true);
    expect(containsPath(["a", "b"], ["a"])).toBe(false);
  });

  test.each<[string, PropertyMap, PropertyMap, PropertyMap]>([
    ["a", { a: 1 }, { a: 2, b: 2 }, { a: 1, b: 2 }],
    ["a", {}, { a: 2 }, {}],
    ["a", { a: 1 }, {}, { a: 1 }],
    ["a.b", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 2 } }, { a: { b: 1, c: 2 } }],
    ["a[1]", { a: [1, 2] }, { a: [3, 4] }, { a: [3, 2] }],
    ["a.*", { a: { b: 1 } }, { a: { b: 2, c: 2 } }, { a: { b: 1 } }],
    ["a.b", {}, { a: { b: 1, c: 1 } }, { a: { c: 1 } }],
    ["a.b", { a: makeSecret({ b: 1 }) }, { a: { b: 2 } }, { a: { b: makeSecret(1) } }],
    ["a.b", { a: makeSecret({ b: 1 }) }, { a: makeSecret({ b: 2 }) }, { a: makeSecret({ b: 1 }) }],
  ])("ignoring changes of %s from %j to %j gives %j", (path, olds, news, inputs) => {
    expect(applyIgnoreChanges([path], olds, news)).toEqual({ inputs, invalidPaths: [] });
  });

  test("a path to what only one side can have is returned as invalid", () => {
    const olds = { a: { b: 1 }, c: [1, 2], d: [{ x: 1 }, { x: 2 }] };
    const news = { c: [3], d: [{ x: 3 }], e: 1 };
    expect(applyIgnoreChanges(["a.b", "c[1]", "c[2]", "d[*].x", "e.f"], olds, news)).toEqual({
      inputs: { c: [3], d: [{ x: 1 }], e: 1 },
      invalidPaths: ["a.b", "c[1]", "d[*].x"],
    });
  });
});

describe("values", () => {
  test("a value is secret if the input of the same name contains a secret; an array as a whole", () => {
    const ins = { a: makeSecret(1), o: { x: makeSecret(1), y: 2 }, l: [makeSecret(1), 2] };
    expect(annotateSecrets({ a: 1, o: { x: 1, y: 2 }, l: [2, 1], other: 1 }, ins)).toEqual({
      a: makeSecret(1),
      o: { x: makeSecret(1), y: 2 },
      l: makeSecret([2, 1]),
      other: 1,
    });
  });

  test("output values become plain, unknown or secret values", () => {
    const output = (fields: PropertyMap) => ({
      "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4",
      ...fields,
    });
    expect(
      reduceOutputValues({ a: output({ value: 1 }), b: output({}), c: [output({ value: 2, secret: true })] }),
    ).toEqual({
      a: 1,
      b: UNKNOWN,
      c: [makeSecret(2)],
    });
  });

  test("a provider sees neither secrets nor references", () => {
    const reference = (fields: PropertyMap) => ({
      "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
      ...fields,
    });
    expect(
      plainForProvider({
        a: [makeSecret({ x: 1 })],
        component: reference({ urn: "u" }),
        known: reference({ urn: "u", id: "i" }),
        planned: reference({ urn: "u", id: "" }),
      }),
    ).toEqual({ a: [{ x: 1 }], component: "u", known: "i", planned: UNKNOWN });
  });

  test("null and absent are the same, a secret and its value too, an unknown is a change", () => {
    expect(
      changedKeys(
        { same: { x: 1 }, nothing: null, secret: makeSecret(1), changed: [1], unknown: 1, gone: 1 },
        { same: { x: 1, y: null }, secret: 1, changed: [1, 2], unknown: UNKNOWN, added: 1 },
      ),
    ).toEqual(["added", "changed", "gone", "unknown"]);
  });
});

describe("order", () => {
  const stack = resource("stack", { custom: false });
  const provider = resource("provider");
  const a = resource("a", { parent: "stack", provider: "provider::id" });
  const group = resource("group", { custom: false, parent: "stack" });
  const child = resource("child", { parent: "group", provider: "provider::id", dependencies: ["a"] });
  const b = resource("b", { parent: "stack", provider: "provider::id", dependencies: ["group"] });
  const all = [stack, provider, a, group, child, b];

  test("dependents go before what they depend on, and a component's children with it", () => {
    const groups = scheduleDeletes(all, all).map(urns);
    const position = (urn: string) => groups.findIndex((members) => members.includes(urn));
    expect(position("b")).toBeLessThan(position("child"));
    expect(position("child")).toBeLessThan(position("a"));
    expect(position("child")).toBeLessThan(position("group"));
    expect(position("a")).toBeLessThan(position("provider"));
    expect(position("group")).toBeLessThan(position("stack"));
  });

  test("only the resources to delete are ordered", () => {
    expect(scheduleDeletes([a, b], all).map(urns)).toEqual([["a", "b"]]);
  });

  test("dependents are found through others, and never among those to ignore", () => {
    expect(urns(dependentsOf(a, all, new Set()))).toEqual(["child"]);
    expect(urns(dependentsOf(provider, all, new Set(["child"])))).toEqual(["a", "b"]);
  });

  test("references to deleted resources are removed, and their children move up", () => {
    const kept = withoutDanglingReferences([stack, provider, child, b], [a, group]);
    expect(kept.map(({ urn, parent, dependencies }) => [urn, parent, dependencies])).toEqual([
      ["stack", "", []],
      ["provider", "", []],
      ["child", "stack", []],
      ["b", "stack", []],
    ]);
  });
});

describe("names", () => {
  const place = { stack: "dev", project: "p" };
  const urn = (parent: string, type: string, name: string) => createUrn("dev", "p", parent, type, name);

  test("a URN repeats the types of the parents but not the stack's", () => {
    const top = urn(urn("", "pulumi:pulumi:Stack", "p-dev"), "x:y:Group", "g");
    expect(top).toBe("urn:pulumi:dev::p::x:y:Group::g");
    expect(urn(top, "x:y:Thing", "t")).toBe("urn:pulumi:dev::p::x:y:Group$x:y:Thing::t");
  });

  test("aliases fill in what they leave out", () => {
    const named = { name: "n", type: "x:y:T", parent: "" };
    const none = () => undefined;
    expect(
      aliasUrns(named, [{ name: "old" }, { urn: "urn:1" }, { stack: "s", project: "q" }], place, none),
    ).toEqual(["urn:pulumi:dev::p::x:y:T::old", "urn:1", "urn:pulumi:s::q::x:y:T::n"]);
  });

  test("a child is looked for below its parent's old name, and under a name made from it", () => {
    const parent = urn("", "x:y:Group", "fresh");
    const old = urn("", "x:y:Group", "stale");
    const found = aliasUrns({ name: "fresh-kid", type: "x:y:T", parent }, [], place, () => old);
    expect(found).toEqual(["urn:pulumi:dev::p::x:y:Group$x:y:T::stale-kid"]);
  });
});

describe("replaceOnChanges", () => {
  const diff = { changes: true, replaceKeys: [], changedKeys: ["a", "b"], deleteBeforeReplace: false };

  test("turns changed keys into replacements", () => {
    expect(withReplaceOnChanges(diff, ["b"], false).replaceKeys).toEqual(["b"]);
    expect(withReplaceOnChanges(diff, ["*"], false).replaceKeys).toEqual(["a", "b"]);
  });

  test("replaces for initialization errors only where it names them", () => {
    const same = { ...diff, changes: false, changedKeys: [] };
    expect(withReplaceOnChanges(same, ["#initerror"], true)).toMatchObject({
      changes: true,
      replaceKeys: ["#initerror"],
    });
    expect(withReplaceOnChanges(same, ["a"], true)).toMatchObject({ changes: false, replaceKeys: [] });
  });
});

test.each([
  ["5m", 300],
  ["1h30m", 5400],
  ["1.5s", 1.5],
  ["250ms", 0.25],
])("the duration %s is %d seconds", (text, seconds) => {
  expect(durationInSeconds(text)).toBeCloseTo(seconds);
});

test("something else is no duration", () => {
  expect(() => durationInSeconds("soon")).toThrow("not a duration");
});
