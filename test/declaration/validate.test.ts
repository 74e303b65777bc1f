import type { Properties } from "../../src/declaration/properties";
import { UNKNOWN } from "../../src/declaration/unknown";
import { formatPath, validate } from "../../src/declaration/validate";
import { diffProperties } from "../../src/provider/diff";

const parameter = {
  key: { type: "string" },
  type: { type: "string", enum: ["string", "stringList"] },
} as const satisfies Properties;

const properties = {
  name: {
    type: "string",
    minLength: 2,
    maxLength: 4,
    pattern: /^[a-z]*$/,
    patternMessage: "may hold only lower-case letters",
  },
  seconds: { type: "integer", minimum: 300, maximum: 900, unit: "seconds" },
  only: { type: "boolean", optional: true },
  wait: { type: "string", format: "duration", optional: true },
  parameters: {
    type: "array",
    items: { type: "object", properties: parameter },
    maxItems: 2,
    optional: true,
  },
  tags: {
    type: "map",
    keys: { type: "string", maxLength: 4 },
    values: { type: "string", maxLength: 2 },
    maxProperties: 2,
    optional: true,
  },
} as const satisfies Properties;

const good = { name: "abc", seconds: 300 };
const failures = (inputs: object) =>
  validate(properties, inputs).map(({ property, reason }) => `${property}: ${reason}`);

test("what is within bounds passes, on both edges", () => {
  expect(failures(good)).toEqual([]);
  expect(failures({ ...good, name: "ab", seconds: 900 })).toEqual([]);
  expect(failures({ ...good, name: "abcd", wait: "1h30m", only: false, parameters: [] })).toEqual([]);
});

test("several failures are told at once, each by the program's own spelling", () => {
  const parameters = [
    { key: "a", type: "string" },
    { key: 3, type: "number" },
  ];
  expect(failures({ name: "a", seconds: 299.5, parameters })).toEqual([
    "name: must be 2 to 4 characters long, has 1",
    "seconds: must be a whole number of 300 to 900 seconds",
    "parameters[1].key: must be a string, is a number",
    'parameters[1].type: must be one of "string", "stringList"',
  ]);
});

test("one value can break two rules", () => {
  expect(failures({ ...good, name: "ABCDE" })).toEqual([
    "name: must be 2 to 4 characters long, has 5",
    "name: may hold only lower-case letters",
  ]);
});

test("a length counts characters, not UTF-16 units", () => {
  expect(failures({ ...good, tags: { key: "😀😀" } })).toEqual([]);
});

test("missing and misspelt properties are named, with what is known and what was probably meant", () => {
  const known = "Known properties: name, seconds, only, wait, parameters, tags";
  expect(failures({ seconds: 300, nmae: "abc", Parameter: [], colour: "red" })).toEqual([
    "name: must be a string, is missing",
    "nmae: is not a known property. Did you mean name? ".concat(known),
    "Parameter: is not a known property. Did you mean parameters? ".concat(known),
    "colour: is not a known property. ".concat(known),
  ]);
});

test("a list that is too long says by how much", () => {
  const entry = { key: "a", type: "string" };
  expect(failures({ ...good, parameters: [entry, entry, entry] })).toEqual([
    "parameters: may have at most 2 entries, has 3",
  ]);
});

test("the keys of a map are checked as its values are, each by its name", () => {
  expect(failures({ ...good, tags: { a: "b", "cost-center": "long", c: "d" } })).toEqual([
    'tags["cost-center"]: must be 0 to 2 characters long, has 4',
    "tags: may hold at most 2 entries, holds 3",
    'tags["cost-center"]: its key must be 0 to 4 characters long, has 11',
  ]);
});

test.each(["10", "m", "10 m", "-1m", ""])("%p is not a time span", (wait) => {
  expect(failures({ ...good, wait })).toEqual(['wait: must be a time span such as "90s", "10m" or "1h30m"']);
});

test("messages never repeat a text: it could be a secret", () => {
  expect(failures({ ...good, name: "hunter2!" }).join()).not.toContain("hunter2");
});

describe("unknown values", () => {
  test.each([
    ["a text", { ...good, name: UNKNOWN }],
    ["a number", { ...good, seconds: UNKNOWN }],
    ["a list", { ...good, parameters: UNKNOWN }],
    ["an entry of a list", { ...good, parameters: [UNKNOWN] }],
    ["a property of an entry", { ...good, parameters: [{ key: UNKNOWN, type: UNKNOWN }] }],
  ])("%s passes", (_, inputs) => {
    expect(failures(inputs)).toEqual([]);
  });

  test("what is known beside them is still checked", () => {
    const parameters = [UNKNOWN, { key: UNKNOWN, type: "number" }];
    expect(failures({ name: UNKNOWN, seconds: 1, parameters })).toEqual([
      "seconds: must be a whole number of 300 to 900 seconds",
      'parameters[1].type: must be one of "string", "stringList"',
    ]);
  });
});

test("paths are spelt as a program would", () => {
  expect(formatPath(["permissions", "parameters", 2, "name"])).toBe("permissions.parameters[2].name");
  expect(formatPath(["tags", "cost-center"])).toBe('tags["cost-center"]');
});

describe("a set", () => {
  const people = {
    people: {
      type: "array",
      items: { type: "object", properties: { id: { type: "string" } } },
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
      onChange: "update",
    },
  } as const satisfies Properties;
  const [alice, bob] = [{ id: "alice" }, { id: "bob" }];
  const failuresOf = (...entries: unknown[]) =>
    validate(people, { people: entries }).map(({ property, reason }) => `${property}: ${reason}`);

  test("has no entry twice, and as many as it must", () => {
    expect(failuresOf(alice, bob)).toEqual([]);
    expect(failuresOf(alice, bob, { id: "alice" })).toEqual(["people[2]: must not occur twice"]);
    expect(failuresOf()).toEqual(["people: must have at least 1 entry, has 0"]);
    expect(failuresOf({ id: UNKNOWN }, { id: UNKNOWN })).toEqual([]);
  });

  test("has no order", () => {
    const updates = (olds: object[], news: object[]) =>
      diffProperties(people, { people: olds }, { people: news }).updates;
    expect(updates([alice, bob], [bob, alice])).toEqual([]);
    expect(updates([alice, bob], [bob])).toEqual(["people"]);
    expect(updates([alice, bob], [bob, { id: UNKNOWN }])).toEqual(["people"]);
  });
});
