import type { Property } from "../../src/declaration/properties";
import { UNKNOWN } from "../../src/declaration/unknown";
import { changesOf } from "../../src/provider/diff";
import { secretsOfState } from "../../src/provider/plugin/secrets";

const entry = { type: "object", properties: { arn: { type: "string" } } } as const satisfies Property;
const list = { type: "array", items: entry } as const satisfies Property;
const set = { ...list, uniqueItems: true } as const satisfies Property;
const entries = (...arns: unknown[]) => arns.map((arn) => ({ arn }));

const changes = (property: Property, old: unknown, value: unknown) =>
  changesOf(property, old, value, ["p"]).map(({ path, kind }) => `${kind} ${path.map(String).join(".")}`);

test.each([
  ["a list by its indexes", list, entries("a", "b"), entries("b", "a"), ["update p.0.arn", "update p.1.arn"]],
  ["a longer list", list, entries("a"), entries("a", "b"), ["add p.1"]],
  ["a set in another order", set, entries("a", "b"), entries("b", "a"), []],
  [
    "a set with one more, one less and one instead",
    set,
    entries("a", "b", "c"),
    entries("c", "d"),
    ["delete p.0", "update p.1"],
  ],
  ["a set with an unknown entry", set, entries("a", "b"), entries("b", UNKNOWN), ["delete p.0", "add p.1"]],
  ["all that was left out", set, undefined, entries("a"), ["add p"]],
  ["all that is left out", set, entries("a"), undefined, ["delete p"]],
  ["what is not known", list, entries("a"), UNKNOWN, ["update p"]],
] satisfies [string, Property, unknown, unknown, string[]][])(
  "changes: %s",
  (_, property, old, value, expected) => {
    expect(changes(property, old, value)).toEqual(expected);
  },
);

test("all of a set with a secret is secret in the state, since AWS may return it in another order", () => {
  const declaration = {
    ...({ token: "aws-approvals:mpa:Thing", insteadOfImport: "", actions: [] } as const),
    inputs: { list, set },
    outputs: { rendered: { type: "string", secretWith: "set" } },
  } as const;
  const secrets = [
    ["list", 1, "arn"],
    ["set", 0, "arn"],
  ];
  expect(secretsOfState(declaration, secrets)).toEqual([["list", 1, "arn"], ["set"], ["rendered"]]);
});
