import type { OptionalPart, Properties, Property, RequiredPart, ValueOf, ValuesOf } from "./properties";

type WireName<Name, P> = P extends { local: true }
  ? never
  : P extends { wireName: infer Given extends string }
    ? Given
    : Name extends string
      ? Capitalize<Name>
      : never;

type WireValue<P> = P extends { type: "object"; properties: infer Nested }
  ? WireValues<Nested>
  : P extends { type: "array"; items: infer Item }
    ? WireValue<Item>[]
    : ValueOf<P>;

/** The declared values with AWS's names, such as `OwnerAccountId` for `ownerAccountId`, without local ones. */
export type WireValues<D> = {
  -readonly [Name in keyof RequiredPart<D> as WireName<Name, D[Name & keyof D]>]: WireValue<
    D[Name & keyof D]
  >;
} & {
  -readonly [Name in keyof OptionalPart<D> as WireName<Name, D[Name & keyof D]>]?: WireValue<
    D[Name & keyof D]
  >;
};

/** The values as parameters of an AWS call. */
export function expand<D extends Properties>(properties: D, values: ValuesOf<D>): WireValues<D> {
  return expandProperties(properties, values as Record<string, unknown>) as WireValues<D>;
}

function expandProperties(properties: Properties, values: Record<string, unknown>): Record<string, unknown> {
  const sent = Object.keys(properties).filter(
    (name) => !properties[name]?.local && values[name] !== undefined,
  );
  return Object.fromEntries(
    sent.map((name) => [wireName(name, properties), expandValue(properties[name] as Property, values[name])]),
  );
}

function expandValue(property: Property, value: unknown): unknown {
  if (property.type === "object")
    return expandProperties(property.properties, value as Record<string, unknown>);
  if (property.type === "array") return (value as unknown[]).map((item) => expandValue(property.items, item));
  return value;
}

/** The declared properties that AWS's response has, at any depth, with dates as ISO 8601. */
export function flatten<D extends Properties>(properties: D, answer: object): Partial<ValuesOf<D>> {
  return flattenProperties(properties, answer as Record<string, unknown>) as Partial<ValuesOf<D>>;
}

/** As {@link flatten}, of a declaration that is known at run time only. */
export function flattenProperties(
  properties: Properties,
  answer: Record<string, unknown>,
): Record<string, unknown> {
  const found = Object.entries(properties).flatMap(([name, property]) => {
    const value = answer[wireName(name, properties)];
    return value === undefined ? [] : [[name, flattenValue(property, value)]];
  });
  return Object.fromEntries(found);
}

function flattenValue(property: Property, value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (property.type === "array")
    return (value as unknown[]).map((item) => flattenValue(property.items, item));
  return property.type === "object"
    ? flattenProperties(property.properties, value as Record<string, unknown>)
    : value;
}

const wireName = (name: string, properties: Properties): string =>
  properties[name]?.wireName ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
