import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { parseDuration } from "../duration";
import { nearestName } from "../nearestName";
import type {
  ArrayType,
  IntegerType,
  MapType,
  ObjectType,
  Properties,
  Property,
  StringType,
} from "./properties";
import { hasUnknowns, type Path, unknownPaths } from "./unknown";

/** A rule that an input breaks: the property as the program spells it, what is wrong and what is allowed. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/**
 * All the rules that the inputs break. Unknown values pass; known values next to them are still checked. Messages do not
 * repeat values that may be secret: the provider process does not know which inputs are.
 */
export function validate(properties: Properties, inputs: unknown): CheckFailure[] {
  const result = schemaOfProperties(properties).safeParse(inputs);
  if (result.success) return [];
  const unknowns = unknownPaths(inputs);
  return result.error.issues
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({
            path: [...issue.path, key] as Path,
            message: unknownProperty(key, issue.message.split(", ")),
          }))
        : [{ path: issue.path as Path, message: issue.message }],
    )
    .filter(({ path }) => !unknowns.some((unknown) => isWithin(path, unknown)))
    .map(({ path, message }) => ({ property: formatPath(path), reason: message }));
}

const isWithin = (path: Path, ancestor: Path) =>
  ancestor.length <= path.length && ancestor.every((key, i) => String(key) === String(path[i]));

/** `permissions.parameters[2].name`: a path as the program would spell it. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text ? `${text}.${name}` : name;
  }, "");
}

function unknownProperty(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const suggestion = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  return `is not a known property.${suggestion} Known properties: ${known.join(", ")}`;
}

const schemas = new WeakMap<Properties, z.ZodType>();

/** Strict, so that a misspelt optional property is an error. */
function schemaOfProperties(properties: Properties): z.ZodType {
  const cached = schemas.get(properties);
  if (cached) return cached;
  const known = Object.keys(properties).join(", ");
  const shape = Object.entries(properties).map(([name, property]) => [name, schemaOf(property)]);
  const schema = z.strictObject(Object.fromEntries(shape), {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? known
        : `must be an object with ${known}, is ${describeType(issue.input)}`,
  });
  schemas.set(properties, schema);
  return schema;
}

function schemaOf(property: Property): z.ZodType {
  const schema = schemaOfType(property);
  return property.optional ? schema.optional() : schema;
}

function schemaOfType(property: Property): z.ZodType {
  switch (property.type) {
    case "string":
      return string(property);
    case "integer":
      return integer(property);
    case "scalar":
      return z.union([z.number(), z.string()], { error: "must be a number or a string" });
    case "boolean":
      return z.boolean({ error: (issue) => `must be true or false, is ${describeType(issue.input)}` });
    case "array":
      return array(property);
    case "map":
      return map(property);
    case "object":
      return object(property);
  }
}

const object = ({ properties }: ObjectType) => schemaOfProperties(properties);

function string(type: StringType): z.ZodType {
  if (type.enum) {
    const values = type.enum.map((value) => `"${value}"`).join(", ");
    return z.enum(type.enum as [string, ...string[]], { error: () => `must be one of ${values}` });
  }
  const example = type.format === "duration" ? ' such as "10m"' : "";
  return z
    .string({ error: (issue) => `must be a string${example}, is ${describeType(issue.input)}` })
    .superRefine((value, ctx) => {
      for (const message of textIssues(value, type)) addIssue(ctx, message);
    });
}

/** The rules that a text breaks. Lengths are in characters, not UTF-16 units. */
function textIssues(text: string, type: StringType): string[] {
  const { minLength: min = 0, maxLength: max = Number.POSITIVE_INFINITY, pattern, patternMessage } = type;
  const length = [...text].length;
  const range =
    max === Number.POSITIVE_INFINITY ? `at least ${plural(min, "character")}` : `${min} to ${max} characters`;
  return [
    ...(length < min || length > max ? [`must be ${range} long, has ${length}`] : []),
    ...(pattern && !pattern.test(text) ? [patternMessage ?? `must match ${pattern.source}`] : []),
    ...(type.format === "duration" && parseDuration(text) === undefined
      ? ['must be a time span such as "90s", "10m" or "1h30m"']
      : []),
  ];
}

function integer({ minimum, maximum, unit }: IntegerType) {
  return z
    .number({ error: (issue) => `must be a number of ${unit}, is ${describeType(issue.input)}` })
    .refine((value) => Number.isInteger(value) && value >= minimum && value <= maximum, {
      error: `must be a whole number of ${minimum} to ${maximum} ${unit}`,
    });
}

function array(type: ArrayType) {
  const { items, minItems: min = 0, maxItems: max = Number.POSITIVE_INFINITY, uniqueItems } = type;
  return z
    .array(schemaOf(items), { error: (issue) => `must be a list, is ${describeType(issue.input)}` })
    .superRefine((value, ctx) => {
      if (value.length > max) addIssue(ctx, `may have at most ${max} entries, has ${value.length}`);
      if (value.length < min)
        addIssue(ctx, `must have at least ${plural(min, "entry", "entries")}, has ${value.length}`);
      if (uniqueItems)
        for (const repeated of repetitions(value)) addIssue(ctx, "must not occur twice", [repeated]);
    });
}

/** The indexes of entries that an earlier one is equal to. What is unknown may differ. */
const repetitions = (values: readonly unknown[]): number[] =>
  values.flatMap((value, index) =>
    !hasUnknowns(value) && values.slice(0, index).some((earlier) => isDeepStrictEqual(earlier, value))
      ? [index]
      : [],
  );

function map({ keys, values, maxProperties: max = Number.POSITIVE_INFINITY }: MapType) {
  return z
    .record(z.string(), schemaOf(values), { error: "must be an object of keys and values" })
    .superRefine((value, ctx) => {
      const names = Object.keys(value);
      if (names.length > max) addIssue(ctx, `may hold at most ${max} entries, holds ${names.length}`);
      for (const name of names)
        for (const message of textIssues(name, keys)) addIssue(ctx, `its key ${message}`, [name]);
    });
}

/** With `continue`, the rules after it run too, so that all failures of a resource are reported at once. */
function addIssue(ctx: z.RefinementCtx, message: string, path: PropertyKey[] = []) {
  ctx.addIssue({ code: "custom", message, path, continue: true });
}

const plural = (n: number, unit: string, units = `${unit}s`) => `${n} ${n === 1 ? unit : units}`;

function describeType(value: unknown): string {
  if (value === undefined || value === null) return "missing";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
