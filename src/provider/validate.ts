import { runtime } from "@pulumi/pulumi";
import { z } from "zod";
import { parseDuration } from "../aws/duration";

/** A rule broken by an input: the property in the program's own spelling, what is wrong and what is allowed. */
export interface CheckFailure {
  property: string;
  reason: string;
}

const plural = (n: number, unit: string) => `${n} ${unit}${n === 1 ? "" : "s"}`;

/** Adds a failure and lets the rules around it go on: all failures are told at once. */
export function complain(ctx: z.RefinementCtx, message: string, path: PropertyKey[] = []) {
  ctx.addIssue({ code: "custom", message, path, continue: true });
}

/** The bounds of a text, as the API model has them: lengths in characters, the pattern for the whole text. */
interface TextBounds {
  min?: number;
  max?: number;
  pattern?: RegExp;
  /** What the pattern allows, in words: completes "may hold only …" or "must be …". */
  allows?: string;
}

/**
 * A string within bounds. Its messages never repeat the value: the provider process is not told which inputs
 * are secret.
 */
export function text({ min = 0, max = Number.POSITIVE_INFINITY, pattern, allows }: TextBounds = {}) {
  return z
    .string({ error: (issue) => `must be a string, is ${kindOf(issue.input)}` })
    .superRefine((value, ctx) => {
      const length = [...value].length;
      if (length < min || length > max) {
        const range =
          max === Number.POSITIVE_INFINITY
            ? `at least ${plural(min, "character")}`
            : `${min} to ${max} characters`;
        complain(ctx, `must be ${range} long, has ${length}`);
      }
      if (pattern && !pattern.test(value)) complain(ctx, allows ?? `must match ${pattern.source}`);
    });
}

/** A whole number within inclusive bounds; `unit` completes the message. */
export function integer({ min, max, unit }: { min: number; max: number; unit: string }) {
  return z
    .number({ error: (issue) => `must be a number of ${unit}, is ${kindOf(issue.input)}` })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
      error: (issue) => `must be a whole number of ${min} to ${max} ${unit}, is ${issue.input}`,
    });
}

export function flag() {
  return z.boolean({ error: (issue) => `must be true or false, is ${kindOf(issue.input)}` });
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: () => `must be one of ${values.map((v) => `"${v}"`).join(", ")}` });
}

export function list<T extends z.ZodType>(item: T, { max }: { max?: number } = {}) {
  const items = z.array(item, { error: (issue) => `must be a list, is ${kindOf(issue.input)}` });
  if (max === undefined) return items;
  return items.max(max, {
    error: (issue) => `may have at most ${max} entries, has ${lengthOf(issue.input)}`,
  });
}

/** An object with these properties and no others: a misspelt optional property must not be ignored. */
export function record<T extends z.ZodRawShape>(shape: T) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `is not a property here; known are ${known.join(", ")}`
        : `must be an object with ${known.join(", ")}, is ${kindOf(issue.input)}`,
  });
}

/** A span of time in Go's notation, as Pulumi's `customTimeouts` has it: `90s`, `10m`, `1h30m`. */
export function duration() {
  return z
    .string({ error: (issue) => `must be a string such as "10m", is ${kindOf(issue.input)}` })
    .refine((value) => parseDuration(value) !== undefined, {
      error: 'must be a time span such as "90s", "10m" or "1h30m"',
    });
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "missing";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 0);

export const isUnknown = (value: unknown) => value === runtime.unknownValue;

type Path = readonly PropertyKey[];

function unknownPaths(value: unknown, at: Path = []): Path[] {
  if (isUnknown(value)) return [at];
  if (Array.isArray(value)) return value.flatMap((item, i) => unknownPaths(item, [...at, i]));
  if (value !== null && typeof value === "object") {
    return Object.entries(value).flatMap(([key, item]) => unknownPaths(item, [...at, key]));
  }
  return [];
}

const isWithin = (path: Path, ancestor: Path) =>
  ancestor.length <= path.length && ancestor.every((key, i) => String(key) === String(path[i]));

export const hasUnknowns = (value: unknown) => unknownPaths(value).length > 0;

/** `permissions.parameters[2].name`: a path as the program would spell it. */
export function spell(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text ? `${text}.${name}` : name;
  }, "");
}

/**
 * Every rule that the inputs break. What a preview does not know yet passes; everything known beside it is
 * still checked.
 */
export function validate(schema: z.ZodType, inputs: unknown): CheckFailure[] {
  const result = schema.safeParse(inputs);
  if (result.success) return [];
  const unknowns = unknownPaths(inputs);
  return result.error.issues
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ path: [...issue.path, key] as Path, message: issue.message }))
        : [{ path: issue.path as Path, message: issue.message }],
    )
    .filter(({ path }) => !unknowns.some((unknown) => isWithin(path, unknown)))
    .map(({ path, message }) => ({ property: spell(path), reason: message }));
}
