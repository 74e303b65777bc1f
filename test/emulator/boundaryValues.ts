/** Boundary values of a shape: samples just within and just outside each bound of AWS's model, with the expected error. */
import type { Member, Shape, StringShape, Value } from "./apiModel";

/** A value, or a function of the value that the example has. */
export type SampleValue = Value | ((example: Value) => Value);

export interface Sample {
  readonly label: string;
  readonly value: SampleValue;
  /** The constraint that it violates, in AWS's words; undefined when it is valid. */
  readonly constraint?: string;
}

/** Makes a text of a length; undefined when no valid text has that length. */
export type TextOfLength = (length: number) => string | undefined;

export function boundaryValues(shape: Shape, location: Member["location"]): Sample[] {
  switch (shape.type) {
    case "string":
      return shape.enum === undefined ? texts(shape, location) : enumValues(shape.enum);
    case "integer":
      return bounds(shape, "value", (value) => value);
    case "list":
      return bounds({ ...shape, min: shape.min ?? 0 }, "length", ofSize);
    case "boolean":
      return [true, false].map((value) => ({ label: `${value}`, value }));
    case "map":
      if (shape.min !== undefined || shape.max !== undefined)
        throw new Error(`Bounds of maps are not implemented: ${shape.name}`);
      return [{ label: "empty", value: {} }];
    case "structure":
    case "document":
      return [];
    case "timestamp":
      throw new Error(`Timestamps in inputs are not implemented: ${shape.name}`);
  }
}

/** A list of a size, filled with the example's first item. */
const ofSize = (size: number) => (example: Value) => {
  if (!Array.isArray(example) || example.length === 0) throw new Error("The example's list has no item");
  return Array<Value>(size).fill(example[0]);
};

function enumValues(values: readonly string[]): Sample[] {
  const constraint = `Member must satisfy enum value set: [${values.join(", ")}]`;
  return [
    ...values.map((value) => ({ label: value, value })),
    ...["", "NO_SUCH_VALUE", `${values[0]} `].map((value) => ({ label: `"${value}"`, value, constraint })),
  ];
}

function bounds(
  { min, max }: { min?: number; max?: number },
  kind: "length" | "value",
  make: (size: number) => SampleValue,
): Sample[] {
  const sample = (size: number): Sample => ({ label: `${kind} ${size}`, value: make(size) });
  const found: Sample[] = [];
  if (min !== undefined) found.push(sample(min));
  if (min !== undefined && (kind === "value" || min > 0)) {
    found.push({ ...sample(min - 1), constraint: atLeast(kind, min) });
  }
  if (max !== undefined) found.push(sample(max), { ...sample(max + 1), constraint: atMost(kind, max) });
  return found;
}

const atLeast = (kind: "length" | "value", min: number) =>
  `Member must have ${kind} greater than or equal to ${min}`;
const atMost = (kind: "length" | "value", max: number) =>
  `Member must have ${kind} less than or equal to ${max}`;

function texts(shape: StringShape, location: Member["location"]): Sample[] {
  const { min = 0, max, pattern } = shape;
  const make = textsOf(shape);
  const sample = (value: string): Sample => ({ label: `${lengthOf(value)} long`, value });
  const found = shortestAndLongest(shape, make)
    // A path without its label is another path.
    .map((value) => sample(value === "" && location === "uri" ? "a" : value));
  if (min > 0) found.push({ ...sample("a".repeat(min - 1)), constraint: atLeast("length", min) });
  if (max !== undefined) {
    const tooLong = make(max + 1) ?? "a".repeat(max + 1);
    found.push({ ...sample(tooLong), constraint: atMost("length", max) }, ...wideTexts(shape, max, location));
  }
  return [...found, ...(pattern === undefined ? [] : variations(shape, pattern, make))];
}

/** A letter of two UTF-16 code units, which all patterns that allow letters of any script match. */
const WIDE = "\u{10400}";
/** Node.js accepts 16 KiB of request line and headers. */
const LONGEST_URL = 12_500;

/** The longest text and one that is too long, of characters that count as one each. */
function wideTexts({ pattern }: StringShape, max: number, location: Member["location"]): Sample[] {
  const longest = WIDE.repeat(max);
  if (location !== undefined && encodeURIComponent(longest).length > LONGEST_URL) return [];
  if (pattern?.test(longest) === false) return [];
  const label = (length: number) => `${length} characters of two code units`;
  return [
    { label: label(max), value: longest },
    { label: label(max + 1), value: `${longest}${WIDE}`, constraint: atMost("length", max) },
  ];
}

export const lengthOf = (text: string): number => Array.from(text).length;

/** The shortest and the longest text that can be made within a shape's bounds. */
export function shortestAndLongest({ name, min = 0, max }: StringShape, make: TextOfLength): string[] {
  let shortest: string | undefined;
  for (let length = min; length <= (max ?? 1000) && shortest === undefined; length++) shortest = make(length);
  if (shortest === undefined) throw new Error(`No value of ${name} can be made`);
  const longest = max === undefined ? undefined : make(max);
  return [...new Set([shortest, longest ?? shortest])];
}

/** For patterns that no repeated character matches, by the shape's name. */
const TEXTS: Readonly<Record<string, TextOfLength>> = {
  accountIdType: (length) => (length === 12 ? "123456789012" : undefined),
  redirectUrlType: (length) => (length < 7 ? undefined : "http://".padEnd(length, "a")),
  IdcInstanceArn: (length) =>
    length < 41 ? undefined : `arn:${"a".repeat(length - 40)}:sso:::instance/ins-1234567890abcdef`,
  ApprovalTeamArn: (length) => padded("arn:aws:mpa:us-east-1:123456789012:approval-team/", length),
  MpaTeamArn: (length) => padded("arn:aws:mpa:us-east-1:123456789012:approval-team/", length),
  SessionArn: (length) => padded("arn:aws:mpa:us-east-1:123456789012:session/t/", length),
  BackupVaultName: (length) => (length < 2 || length > 50 ? undefined : "a".repeat(length)),
  IdentityStoreId: (length) => {
    const [id, arn] = ["d-0000000000", ":identitystore::123456789012:identitystore/"];
    if (length === id.length) return id;
    const partition = length - "arn:".length - arn.length - id.length;
    return partition < 3 ? undefined : `arn:${"aws".padEnd(partition, "a")}${arn}${id}`;
  },
  AttributePath: (length) => (length < 1 ? undefined : "a".repeat(length)),
  UnqualifiedPolicyArn: (length) => policyArn(length),
  QualifiedPolicyArn: (length) => {
    const arn = policyArn(length - 2);
    return arn && `${arn}/1`;
  },
};

const padded = (prefix: string, length: number): string | undefined =>
  length > prefix.length ? prefix.padEnd(length, "a") : undefined;

/** Each of the last two segments has up to 1,023 characters. */
function policyArn(length: number): string | undefined {
  const prefix = "arn:aws:mpa:::aws:policy/";
  const name = Math.min(length - prefix.length - 2, 1023);
  if (name < 1) return undefined;
  return `${prefix}${"a".repeat(length - prefix.length - 1 - name)}/${"b".repeat(name)}`;
}

function textsOf({ name, min = 0, max = 1000, pattern }: StringShape): TextOfLength {
  const listed = TEXTS[name];
  if (listed !== undefined) return listed;
  const filler = ["a", "1"].find(
    (character) =>
      pattern === undefined || [Math.max(min, 1), max].every((size) => pattern.test(character.repeat(size))),
  );
  if (filler === undefined) throw new Error(`Add to TEXTS how to make a ${name}: ${pattern}`);
  return (length) => {
    const text = filler.repeat(length);
    return pattern?.test(text) === false ? undefined : text;
  };
}

/** Texts within the bounds of length that differ by one character from one that matches the pattern. */
function variations(shape: StringShape, pattern: RegExp, make: TextOfLength): Sample[] {
  const { min = 0, max = Number.POSITIVE_INFINITY } = shape;
  const [text = ""] = shortestAndLongest({ ...shape, min: Math.max(min, 1) }, make);
  const head = text.slice(0, -1);
  const varied = [head, `${text}${text.at(-1)}`, `${text}\n`, ...CHARACTERS.map((other) => `${head}${other}`)]
    .filter((value) => value.length >= min && value.length <= max)
    .map((value) => ({
      label: JSON.stringify(value),
      value,
      ...(!pattern.test(value) && { constraint: "Member must satisfy regular expression pattern" }),
    }));
  if (varied.every(({ constraint }) => constraint === undefined)) {
    throw new Error(`No variation violates the pattern of ${shape.name}: ${pattern}`);
  }
  return varied;
}

/** The ends of the character ranges in the models' patterns. */
const CHARACTERS = Array.from("\u0001\n ~\u007f\u00a0\u00ff\u0100/:@-");
