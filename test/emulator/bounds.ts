/**
 * Inputs on both sides of every bound that an operation's model sets, each made from an example by one change. What the
 * model says and this cannot play is an error, never left out.
 */
import { type Input, isObject, type OperationModel, type Value } from "./model";
import { ITEM, type Place, placesIn } from "./places";
import { atLeast, atMost, endsOf, lengthOf, type Maker, type Sample, texts } from "./texts";

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
  readonly valid?: Maker;
  /** The model calls the member optional, and it must be there. */
  readonly required?: true;
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

function samples(place: Place): Sample[] {
  const { shape } = place;
  switch (shape.type) {
    case "string":
      return shape.enum === undefined ? texts(shape, place.location) : choices(shape.enum);
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
