import { EngineError } from "./errors";
import { isObject, isSecret, makeSecret, type PropertyMap, type PropertyValue } from "./values";

/** Strings are object keys (`*` matches any key or index), numbers are array indexes. */
export type PropertyPath = (string | number)[];

/** Parses a path such as `a.b[0]["c d"]` of ignoreChanges or replaceOnChanges. */
export function parsePropertyPath(text: string): PropertyPath {
  const path: PropertyPath = [];
  const token = /\.?([^.[\]"]+)|\.?\[(?:(\d+)|(\*)|"((?:[^"\\]|\\.)*)")\]/y;
  while (token.lastIndex < text.length) {
    const found = token.exec(text);
    if (found === null) {
      throw new EngineError(`"${text}" is not a property path`);
    }
    const [, name, index, star, quoted] = found;
    path.push(index !== undefined ? Number(index) : (name ?? star ?? (quoted ?? "").replaceAll('\\"', '"')));
  }
  return path;
}

/** Whether `other` equals `path` or lies below it. */
export function containsPath(path: PropertyPath, other: PropertyPath): boolean {
  return path.length <= other.length && path.every((step, index) => step === "*" || step === other[index]);
}

/** Resets the values at `paths` in `news` to those in `olds`. Paths for which this is not possible are returned. */
export function applyIgnoreChanges(
  paths: string[],
  olds: PropertyMap,
  news: PropertyMap,
): { inputs: PropertyMap; invalidPaths: string[] } {
  const invalidPaths: string[] = [];
  let inputs = news;
  for (const path of paths) {
    const changed = reset(parsePropertyPath(path), olds, inputs) as PropertyMap | undefined;
    if (changed === undefined) {
      invalidPaths.push(path);
    }
    inputs = changed ?? inputs;
  }
  return { inputs, invalidPaths };
}

const ABSENT = Symbol("absent");
type MaybeValue = PropertyValue | typeof ABSENT;

/**
 * The value of `fresh` with what is at `path` as in `old`, or without it if `old` has none. undefined if the path leads
 * through an object or array that only one of them has.
 */
function reset(path: PropertyPath, old: MaybeValue, fresh: MaybeValue): MaybeValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) {
    return old;
  }
  if (fresh !== ABSENT && isSecret(fresh)) {
    const inner = reset(path, old !== ABSENT && isSecret(old) ? old.value : old, fresh.value);
    return inner === undefined || inner === ABSENT ? inner : makeSecret(inner);
  }
  if (old !== ABSENT && isSecret(old)) {
    return reset(path, old.value, fresh);
  }
  if (old === ABSENT || fresh === ABSENT) {
    return old === ABSENT && fresh === ABSENT ? ABSENT : undefined;
  }
  if (step === "*") {
    const keys = Array.isArray(fresh)
      ? fresh.keys()
      : Object.keys(isObject(fresh) ? { ...asMap(old), ...fresh } : {});
    return [...keys].reduce<MaybeValue | undefined>(
      (value, key) => (value === undefined ? value : reset([key, ...rest], old, value)),
      fresh,
    );
  }
  if (Array.isArray(fresh) && Array.isArray(old) && typeof step === "number") {
    if (step >= fresh.length || step >= old.length) {
      return undefined;
    }
    const element = reset(rest, old[step] ?? null, fresh[step] ?? null);
    return element === undefined || element === ABSENT ? undefined : fresh.with(step, element);
  }
  if (isObject(fresh) && isObject(old)) {
    const at = (map: PropertyMap): MaybeValue => map[step] ?? (Object.hasOwn(map, step) ? null : ABSENT);
    const value = reset(rest, at(old), at(fresh));
    if (value === undefined) {
      return undefined;
    }
    const { [step]: _, ...others } = fresh;
    return value === ABSENT ? others : { ...others, [step]: value };
  }
  return undefined;
}

const asMap = (value: PropertyValue): PropertyMap => (isObject(value) ? value : {});
