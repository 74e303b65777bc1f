import { runtime } from "@pulumi/pulumi";
import {
  duration,
  flag,
  integer,
  list,
  oneOf,
  record,
  spell,
  text,
  validate,
} from "../../src/provider/validate";

const UNKNOWN = runtime.unknownValue;

const schema = record({
  name: text({ min: 2, max: 4, pattern: /^[a-z]*$/, allows: "may hold only lower-case letters" }),
  seconds: integer({ min: 300, max: 900, unit: "seconds" }),
  only: flag().optional(),
  wait: duration().optional(),
  parameters: list(record({ key: text(), type: oneOf(["string", "stringList"]) }), { max: 2 }).optional(),
});

const good = { name: "abc", seconds: 300 };
const complaints = (inputs: object) =>
  validate(schema, inputs).map(({ property, reason }) => `${property}: ${reason}`);

test("what is within bounds passes, on both edges", () => {
  expect(complaints(good)).toEqual([]);
  expect(complaints({ ...good, name: "ab", seconds: 900 })).toEqual([]);
  expect(complaints({ ...good, name: "abcd", wait: "1h30m", only: false, parameters: [] })).toEqual([]);
});

test("several failures are told at once, each by the program's own spelling", () => {
  const parameters = [
    { key: "a", type: "string" },
    { key: 3, type: "number" },
  ];
  expect(complaints({ name: "a", seconds: 299.5, parameters })).toEqual([
    "name: must be 2 to 4 characters long, has 1",
    "seconds: must be a whole number of 300 to 900 seconds, is 299.5",
    "parameters[1].key: must be a string, is a number",
    'parameters[1].type: must be one of "string", "stringList"',
  ]);
});

test("one value can break two rules", () => {
  expect(complaints({ ...good, name: "ABCDE" })).toEqual([
    "name: must be 2 to 4 characters long, has 5",
    "name: may hold only lower-case letters",
  ]);
});

test("a length counts characters, not UTF-16 units", () => {
  expect(validate(text({ max: 2 }), "😀😀")).toEqual([]);
});

test("missing and misspelt properties are named, with what is known", () => {
  expect(complaints({ seconds: 300, nmae: "abc" })).toEqual([
    "name: must be a string, is missing",
    "nmae: is not a property here; known are name, seconds, only, wait, parameters",
  ]);
});

test("a list that is too long says by how much", () => {
  const entry = { key: "a", type: "string" };
  expect(complaints({ ...good, parameters: [entry, entry, entry] })).toEqual([
    "parameters: may have at most 2 entries, has 3",
  ]);
});

test.each(["10", "m", "10 m", "-1m", ""])("%p is not a time span", (wait) => {
  expect(complaints({ ...good, wait })).toEqual([
    'wait: must be a time span such as "90s", "10m" or "1h30m"',
  ]);
});

test("messages never repeat a text: it could be a secret", () => {
  expect(complaints({ ...good, name: "hunter2!" }).join()).not.toContain("hunter2");
});

describe("unknown values", () => {
  test.each([
    ["a text", { ...good, name: UNKNOWN }],
    ["a number", { ...good, seconds: UNKNOWN }],
    ["a list", { ...good, parameters: UNKNOWN }],
    ["an entry of a list", { ...good, parameters: [UNKNOWN] }],
    ["a property of an entry", { ...good, parameters: [{ key: UNKNOWN, type: UNKNOWN }] }],
  ])("%s passes", (_, inputs) => {
    expect(complaints(inputs)).toEqual([]);
  });

  test("what is known beside them is still checked", () => {
    const parameters = [UNKNOWN, { key: UNKNOWN, type: "number" }];
    expect(complaints({ name: UNKNOWN, seconds: 1, parameters })).toEqual([
      "seconds: must be a whole number of 300 to 900 seconds, is 1",
      'parameters[1].type: must be one of "string", "stringList"',
    ]);
  });
});

test("paths are spelt as a program would", () => {
  expect(spell(["permissions", "parameters", 2, "name"])).toBe("permissions.parameters[2].name");
  expect(spell(["tags", "cost-center"])).toBe('tags["cost-center"]');
});
