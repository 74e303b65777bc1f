export type Values = Record<string, unknown>;

/** The values with these names that are defined. */
export const pick = (values: Readonly<Values>, names: readonly string[]): Values =>
  Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));

export const omit = (values: Readonly<Values>, names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));

/** Maps the leaves, and leaves out what is undefined then. */
export function mapLeaves(value: unknown, leafOf: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, leafOf));
  if (value === null || typeof value !== "object" || value instanceof Date) return leafOf(value);
  const mapped = Object.entries(value).map(([key, inner]) => [key, mapLeaves(inner, leafOf)] as const);
  return Object.fromEntries(mapped.filter(([, inner]) => inner !== undefined));
}
