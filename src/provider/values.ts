export type Values = Record<string, unknown>;

/** The values with these names that are defined. */
export const pick = (values: Readonly<Values>, names: readonly string[]): Values =>
  Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));

export const omit = (values: Readonly<Values>, names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));

/** Maps the leaves, and leaves out undefined values. */
export function mapLeaves(value: unknown, leafOf: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, leafOf));
  if (value === null || typeof value !== "object" || value instanceof Date) return leafOf(value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : [[key, mapLeaves(inner, leafOf)]],
    ),
  );
}
