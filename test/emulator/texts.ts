/** Texts on both sides of the bounds of a shape: shortest, longest, by its pattern and not. */
import type { Member, StringShape, Value } from "./model";

/** Why a value of a shape is taken or not. `constraint` is the bound that it breaks, in AWS's words. */
export interface Sample {
  readonly label: string;
  readonly value: Value;
  readonly constraint?: string;
}

export const atLeast = (kind: "length" | "value", min: number) =>
  `Member must have ${kind} greater than or equal to ${min}`;
export const atMost = (kind: "length" | "value", max: number) =>
  `Member must have ${kind} less than or equal to ${max}`;

export function texts(shape: StringShape, location: Member["location"]): Sample[] {
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

export const lengthOf = (text: string): number => Array.from(text).length;

/** The shortest and the longest text that a maker makes within a shape's bounds. */
export function endsOf({ name, min = 0, max }: StringShape, make: Maker): string[] {
  let shortest: string | undefined;
  for (let length = min; length <= (max ?? 1000) && shortest === undefined; length++) shortest = make(length);
  if (shortest === undefined) throw new Error(`No value of ${name} can be made`);
  const longest = max === undefined ? undefined : make(max);
  return [...new Set([shortest, longest ?? shortest])];
}

export type Maker = (length: number) => string | undefined;

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
