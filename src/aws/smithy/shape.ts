import type { $SchemaRef, SchemaTraits } from "@smithy/types";

/**
 * A shape of the API model, declared once for the AWS runtime (`schema` says how the value is serialized) and for
 * TypeScript (the type parameter).
 */
export interface Shape<T> {
  readonly schema: $SchemaRef;
  /** Never set; exists to carry the type. */
  readonly type?: T;
}

/** The TypeScript type of a shape. */
export type TypeOf<S> = S extends Shape<infer T> ? T : never;

type Members = Record<string, Shape<unknown>>;
type Structure<Required extends Members, Optional extends Members> = {
  [Name in keyof Required]: TypeOf<Required[Name]>;
} & { [Name in keyof Optional]?: TypeOf<Optional[Name]> };

/** Shapes have no names of their own, so one namespace does for those of all services. */
export const NAMESPACE = "com.amazonaws";

// The numbers are the AWS runtime's notation: simple types, aggregate types, and a bit for each common trait.
const SENSITIVE = 8;
export const string: Shape<string> = { schema: 0 };
export const integer: Shape<number> = { schema: 1 };
export const boolean: Shape<boolean> = { schema: 2 };
/** RFC 3339. */
export const timestamp: Shape<Date> = { schema: 5 };
export const epochSeconds: Shape<Date> = { schema: 7 };
export const sensitiveString: Shape<string> = { schema: [0, NAMESPACE, "Sensitive", SENSITIVE, 0] };
export const sensitiveStrings: Shape<string[]> = { schema: [1, NAMESPACE, "Sensitive", SENSITIVE, 0] };
export const sensitiveStringMap: Shape<Record<string, string>> = {
  schema: [2, NAMESPACE, "Sensitive", SENSITIVE, 0, 0],
};

/** A string with one of the values. AWS may add values, so nothing is checked at run time. */
export function oneOf<const Value extends string>(..._values: Value[]): Shape<Value> {
  return { schema: string.schema };
}

export function list<T>(member: Shape<T>): Shape<T[]> {
  return { schema: [1, NAMESPACE, "List", 0, member.schema] };
}

/** Outputs have no required members: AWS leaves out members without a value. */
export function structure<Required extends Members, Optional extends Members = Record<never, never>>(
  required: Required,
  optional?: Optional,
): Shape<Structure<Required, Optional>> {
  const members = Object.entries({ ...required, ...optional });
  return {
    schema: [
      3,
      NAMESPACE,
      "Structure",
      0,
      members.map(([member]) => member),
      members.map(([, shape]) => shape.schema),
      Object.keys(required).length,
    ],
  };
}

/** An output without members. */
export const nothing = structure({});

function withTraits<T>(shape: Shape<T>, traits: SchemaTraits): Shape<T> {
  return { schema: [shape.schema, traits] };
}

/** A member that is sent as a segment of the path. */
export const label: Shape<string> = withTraits(string, { httpLabel: 1 });

/** A member that the client fills with a UUID when the caller leaves it out. */
export const idempotencyToken: Shape<string> = withTraits(string, { idempotencyToken: 1 });

/** A member that is sent in the query string. */
export function query<T>(shape: Shape<T>, name: string): Shape<T> {
  return withTraits(shape, { httpQuery: name });
}
