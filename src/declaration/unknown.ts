/**
 * Stands for a value that a preview does not know yet. Each front converts its protocol's own marker to this one.
 */
export const UNKNOWN: unique symbol = Symbol("unknown");

export type Path = readonly PropertyKey[];

export const isUnknown = (value: unknown): value is typeof UNKNOWN => value === UNKNOWN;

/** The paths of the unknown values. */
export function unknownPaths(value: unknown, path: Path = []): Path[] {
  if (isUnknown(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item, i) => unknownPaths(item, [...path, i]));
  if (value !== null && typeof value === "object")
    return Object.entries(value).flatMap(([key, inner]) => unknownPaths(inner, [...path, key]));
  return [];
}

export const hasUnknowns = (value: unknown): boolean => unknownPaths(value).length > 0;
