/**
 * Inputs on both sides of every bound that an operation's model sets, each made from an example by one change. What the
 * model says and this cannot play is an error, never left out.
 */
import {
  type Input,
  isList,
  isObject,
  type Member,
  type OperationModel,
  type Shape,
  type StringShape,
  type StructureShape,
  type Value,
} from "./model";

/** What becomes of an input: an answer, AWS's validation error for one bound, or another error. */
export type Verdict =
  | { readonly kind: "accepted" }
  | { readonly kind: "out of bounds"; readonly says: string; readonly secret?: string }
  | { readonly kind: "refused"; readonly code: string };

export interface BoundCase {
  readonly name: string;
  change(example: Input): Input;
  readonly verdict: Verdict;
}

/** That an operation takes less of a member than its model's bounds allow. */
export interface Sharper {
  readonly why: string;
  /** The error for a value within the model's bounds. */
  readonly code: string;
  /** A value that is taken, of so many characters; undefined where there is none. */
  valid?(length: number): string | undefined;
  /** The model calls the member optional, and it must be there. */
  readonly required?: true;
}

/** Why a value of a shape is taken or not. `constraint` is the bound that it breaks, in AWS's words. */
interface Sample {
  readonly label: string;
  readonly value: Value;
  readonly constraint?: string;
}

/** What to put in the place of a value; undefined is no value. */
type Change = (value: Value | undefined) => Value | undefined;

/** A place in the input, by member names, and how to change what is there. */
interface Place {
  readonly path: string;
  /** As AWS's messages name it. */
  readonly wire: string;
  readonly shape: Shape;
  readonly location: Member["location"];
  readonly presence: "required" | "optional" | "element" | "key";
  edit(change: Change): (example: Value) => Value | undefined;
}

export function boundCases(
  operation: OperationModel,
  sharper: Readonly<Record<string, Sharper>>,
): BoundCase[] {
  const places = placesIn(operation.input);
  for (const path of Object.keys(sharper)) {
    if (!places.some((place) => place.path === path)) throw new Error(`${operation.name} has no ${path}`);
  }
  return places.flatMap((place) => [
    ...presenceCases(place, sharper[place.path]),
    ...sizeCases(place, sharper[place.path]),
    ...typeCases(place, operation),
  ]);
}

function presenceCases(place: Place, sharper: Sharper | undefined): BoundCase[] {
  // A path without its label is another path.
  if (place.presence === "element" || place.presence === "key" || place.location === "uri") return [];
  const verdict: Verdict =
    place.presence === "required"
      ? outOfBounds(place, "Member must not be null")
      : sharper?.required
        ? { kind: "refused", code: sharper.code }
        : { kind: "accepted" };
  return [caseOf(place, "absent", undefined, verdict)];
}

function sizeCases(place: Place, sharper: Sharper | undefined): BoundCase[] {
  const { shape } = place;
  const cases = samples(place).map(({ label, value, constraint }) => {
    if (constraint === undefined) {
      return caseOf(
        place,
        label,
        value,
        sharper && shape.type === "string" ? { kind: "refused", code: sharper.code } : { kind: "accepted" },
      );
    }
    const secret = shape.sensitive && typeof value === "string" && value.length > 8 ? value : undefined;
    return caseOf(place, label, value, outOfBounds(place, constraint, secret));
  });
  if (sharper?.valid === undefined || shape.type !== "string") return cases;
  const ends = endsOf(shape, sharper.valid).map((value) =>
    caseOf(place, `${lengthOf(value)} long, as it must be`, value, { kind: "accepted" }),
  );
  return [...cases, ...ends];
}

const outOfBounds = ({ wire }: Place, constraint: string, secret?: string): Verdict => ({
  kind: "out of bounds",
  says: `at '${wire}' failed to satisfy constraint: ${constraint}`,
  ...(secret !== undefined && { secret }),
});

function caseOf(place: Place, label: string, value: Value | undefined, verdict: Verdict): BoundCase {
  const change = place.edit(() => value);
  return {
    name: `${place.path}: ${label}`,
    verdict,
    change(example) {
      const input = change(example);
      if (!isObject(input)) throw new Error("The input itself cannot be left out");
      return input;
    },
  };
}

const atLeast = (kind: "length" | "value", min: number) =>
  `Member must have ${kind} greater than or equal to ${min}`;
const atMost = (kind: "length" | "value", max: number) =>
  `Member must have ${kind} less than or equal to ${max}`;

function samples(place: Place): Sample[] {
  const { shape } = place;
  switch (shape.type) {
    case "string":
      return shape.enum === undefined ? texts(shape, place) : choices(shape.enum);
    case "integer":
      return around(shape, "value", (value) => value);
    case "list":
      return around({ ...shape, min: shape.min ?? 0 }, "length", (size) => Array(size).fill(ITEM));
    case "boolean":
      return [true, false].map((value) => ({ label: `${value}`, value }));
    case "map":
      if (shape.min !== undefined || shape.max !== undefined)
        throw new Error(`No maps of a size: ${shape.name}`);
      return [{ label: "empty", value: {} }];
    case "structure":
      return [];
    case "timestamp":
      throw new Error(`No emulated operation takes a timestamp: ${shape.name}`);
  }
}

function choices(values: readonly string[]): Sample[] {
  const constraint = `Member must satisfy enum value set: [${values.join(", ")}]`;
  return [
    ...values.map((value) => ({ label: value, value })),
    ...["", "NO_SUCH_VALUE", `${values[0]} `].map((value) => ({ label: `"${value}"`, value, constraint })),
  ];
}

function around(
  { min, max }: { min?: number; max?: number },
  kind: "length" | "value",
  value: (size: number) => Value,
): Sample[] {
  const found: Sample[] = [];
  const add = (size: number, constraint?: string) =>
    found.push({ label: `${kind} ${size}`, value: value(size), ...(constraint && { constraint }) });
  if (min !== undefined) add(min);
  if (min !== undefined && (kind === "value" || min > 0)) add(min - 1, atLeast(kind, min));
  if (max !== undefined) {
    add(max);
    add(max + 1, atMost(kind, max));
  }
  return found;
}

function texts(shape: StringShape, { location }: Place): Sample[] {
  const { min = 0, max, pattern } = shape;
  const make = makerOf(shape);
  const long = (value: string, constraint?: string) => ({
    label: `${lengthOf(value)} long`,
    value,
    ...(constraint && { constraint }),
  });
  const found = endsOf(shape, make)
    .map((value) => (value === "" && location === "uri" ? "a" : value))
    .map((value) => long(value));
  if (min > 0) found.push(long("a".repeat(min - 1), atLeast("length", min)));
  if (max !== undefined) {
    found.push(long(make(max + 1) ?? "a".repeat(max + 1), atMost("length", max)));
    const wide = WIDE.repeat(max);
    const fits = location === undefined || encodeURIComponent(wide).length <= LONGEST_URL;
    if (fits && pattern?.test(wide) !== false) {
      found.push({ label: `${max} characters of two code units`, value: wide });
      found.push({
        label: `${max + 1} characters of two code units`,
        value: `${wide}${WIDE}`,
        constraint: atMost("length", max),
      });
    }
  }
  return [...found, ...(pattern === undefined ? [] : variations(shape, pattern, make))];
}

/** A letter to all patterns that know letters. */
const WIDE = "\u{10400}";
/** Node.js takes 16 KiB of request line and headers. */
const LONGEST_URL = 12_500;

const lengthOf = (text: string): number => Array.from(text).length;

/** The shortest and the longest text that a maker makes within a shape's bounds. */
function endsOf({ name, min = 0, max }: StringShape, make: (length: number) => string | undefined): string[] {
  let shortest: string | undefined;
  for (let length = min; length <= (max ?? 1000) && shortest === undefined; length++) shortest = make(length);
  if (shortest === undefined) throw new Error(`No value of ${name} can be made`);
  const longest = max === undefined ? undefined : make(max);
  return [...new Set([shortest, longest ?? shortest])];
}

type Maker = (length: number) => string | undefined;

/** For patterns that one repeated character doesn't match, by the shape's name. */
const MAKERS: Readonly<Record<string, Maker>> = {
  accountIdType: (length) => (length === 12 ? "123456789012" : undefined),
  redirectUrlType: (length) => (length < 7 ? undefined : "http://".padEnd(length, "a")),
  IdcInstanceArn: (length) =>
    length < 41 ? undefined : `arn:${"a".repeat(length - 40)}:sso:::instance/ins-1234567890abcdef`,
};

function makerOf({ name, min = 0, max = 1000, pattern }: StringShape): Maker {
  const listed = MAKERS[name];
  if (listed !== undefined) return listed;
  const filler = ["a", "1"].find(
    (character) =>
      pattern === undefined || [Math.max(min, 1), max].every((size) => pattern.test(character.repeat(size))),
  );
  if (filler === undefined) throw new Error(`Say in MAKERS how to make a ${name}: ${pattern}`);
  return (length) => {
    const text = filler.repeat(length);
    return pattern?.test(text) === false ? undefined : text;
  };
}

/** Texts of a length within bounds, one character less, more or other than one that matches the pattern. */
function variations(shape: StringShape, pattern: RegExp, make: Maker): Sample[] {
  const { min = 0, max = Number.POSITIVE_INFINITY } = shape;
  const [text = ""] = endsOf({ ...shape, min: Math.max(min, 1) }, make);
  const head = text.slice(0, -1);
  const varied = [head, `${text}${text.at(-1)}`, `${text}\n`, ...CHARACTERS.map((other) => `${head}${other}`)]
    .filter((value) => value.length >= min && value.length <= max)
    .map((value) => ({
      label: JSON.stringify(value),
      value,
      ...(!pattern.test(value) && { constraint: "Member must satisfy regular expression pattern" }),
    }));
  if (varied.every(({ constraint }) => constraint === undefined)) {
    throw new Error(`Nothing breaks the pattern of ${shape.name}: ${pattern}`);
  }
  return varied;
}

/** At the edges of the ranges that the models' patterns have. */
const CHARACTERS = Array.from("\u0001\n ~\u007f\u00a0\u00ff\u0100/:@-");

/** Values that cannot be read as what the shape says at all. */
function typeCases(place: Place, { protocol }: OperationModel): BoundCase[] {
  const { type } = place.shape;
  const inText = protocol === "query" || place.location !== undefined;
  const code = protocol === "query" ? "MalformedInput" : "SerializationException";
  const wrong = inText ? WRONG_TEXT[type] : place.presence === "key" ? undefined : WRONG_JSON[type];
  return (wrong ?? []).map((value) =>
    caseOf(place, `${JSON.stringify(value)} is no ${type}`, value, { kind: "refused", code }),
  );
}

const WRONG_TEXT: Readonly<Record<string, Value[]>> = {
  integer: ["soon", "1.5", "1e3"],
  boolean: ["maybe"],
};
const WRONG_JSON: Readonly<Record<string, Value[]>> = {
  string: [7, true, {}],
  integer: ["7", 1.5, true],
  boolean: ["true", 1],
  list: [{}, "text"],
  map: [[], "text"],
  structure: [[], "text"],
};

/** Stands for an example's own first item. */
const ITEM: Value = null;

/** Every place in a structure, outermost first. */
function placesIn(input: StructureShape): Place[] {
  return membersOf(input, "", "", (change) => change);
}

function membersOf(shape: StructureShape, path: string, wire: string, outer: Place["edit"]): Place[] {
  return [...shape.members].flatMap(([name, { shape: member, location }]) =>
    within({
      path: path === "" ? name : `${path}.${name}`,
      wire: `${wire === "" ? "" : `${wire}.`}${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      shape: member,
      location,
      presence: shape.required.includes(name) ? "required" : "optional",
      edit: (change) =>
        outer((parent) => {
          if (!isObject(parent)) throw new Error(`The example has no ${path}`);
          const { [name]: value, ...others } = parent;
          const next = refill(change(value), value);
          return next === undefined ? others : { ...others, [name]: next };
        }),
    }),
  );
}

function refill(next: Value | undefined, former: Value | undefined): Value | undefined {
  if (!isList(next) || !next.includes(ITEM)) return next;
  const item = isList(former) ? former[0] : undefined;
  if (item === undefined) throw new Error("The example has no item for this list");
  return next.map(() => item);
}

function within(place: Place): Place[] {
  const { shape, path, wire, location } = place;
  if (shape.type === "structure") return [place, ...membersOf(shape, path, wire, place.edit)];
  if (shape.type === "list") {
    const item: Place = {
      path: `${path}[]`,
      wire: `${wire}.1.member`,
      shape: shape.member,
      location,
      presence: "element",
      edit: (change) =>
        place.edit((list) => {
          if (!isList(list) || list.length === 0) throw new Error(`The example has no item in ${path}`);
          return [change(list[0]) ?? ITEM];
        }),
    };
    return [place, ...within(item)];
  }
  if (shape.type === "map") {
    const entry = (presence: "key" | "element", part: "key" | "value", of: Shape): Place => ({
      path: `${path} ${part}`,
      wire: `${wire}.${part}`,
      shape: of,
      location,
      presence,
      edit: (change) =>
        place.edit((map) => {
          const [key, value] = (isObject(map) ? Object.entries(map)[0] : undefined) ?? [];
          if (key === undefined || value === undefined)
            throw new Error(`The example has no entry in ${path}`);
          return part === "key" ? { [String(change(key))]: value } : { [key]: change(value) ?? ITEM };
        }),
    });
    return [
      place,
      ...within(entry("key", "key", shape.key)),
      ...within(entry("element", "value", shape.value)),
    ];
  }
  return [place];
}
