/**
 * Stands for a value that a preview does not know yet. Each front puts it where its protocol has a marker of its own, so
 * that the rules know one.
 */
export const UNKNOWN: unique symbol = Symbol("unknown");

type Path = readonly PropertyKey[];

export const isUnknown = (value: unknown): value is typeof UNKNOWN => value === UNKNOWN;

/** Where the unknown values are. */
export function unknownPaths(value: unknown, at: Path = []): Path[] {
  if (isUnknown(value)) return [at];
  if (Array.isArray(value)) return value.flatMap((item, i) => unknownPaths(item, [...at, i]));
  if (value !== null && typeof value === "object")
    return Object.entries(value).flatMap(([key, inner]) => unknownPaths(inner, [...at, key]));
  return [];
}

export const hasUnknowns = (value: unknown): boolean => unknownPaths(value).length > 0;
