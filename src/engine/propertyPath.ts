import { EngineError } from "./errors";
import { isPlainObject, isSecret, makeSecret, type PropertyMap, type PropertyValue } from "./values";

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
  const inputs = structuredClone(news);
  const invalidPaths = paths.filter((path) => !reset(parsePropertyPath(path), olds, inputs));
  return { inputs, invalidPaths };
}

/** Whether the values that a path has come to are inside of secrets. */
interface Secrecy {
  readonly olds: boolean;
  readonly news: boolean;
}

/**
 * Sets what is at `path` in `news` to what it is in `olds`, and removes it if `olds` has none, as `PropertyPath.Reset` of
 * Pulumi's Go SDK does: it makes no objects on the way, and no array longer or shorter.
 * @returns whether the path could be followed to its end; if not, some of what `*` stands for may have been reset
 */
function reset(
  path: PropertyPath,
  olds: PropertyValue,
  news: PropertyValue,
  secrecy: Secrecy = { olds: false, news: false },
): boolean {
  const [step, ...rest] = path;
  if (step === undefined) {
    return false;
  }
  if (isSecret(olds)) {
    return reset(path, olds.value, news, { ...secrecy, olds: true });
  }
  if (isSecret(news)) {
    return reset(path, olds, news.value, { ...secrecy, news: true });
  }
  if (step === "*") {
    return resetAll(rest, olds, news, secrecy);
  }
  return typeof step === "number"
    ? resetElement(step, rest, olds, news, secrecy)
    : resetProperty(step, rest, olds, news, secrecy);
}

function resetAll(rest: PropertyPath, olds: PropertyValue, news: PropertyValue, secrecy: Secrecy): boolean {
  const isLast = rest.length === 0;
  const resetAt = (key: string | number) => reset([key, ...rest], olds, news, secrecy);
  if (isPlainObject(olds) && isPlainObject(news)) {
    return isLast
      ? Object.keys({ ...olds, ...news }).every(resetAt)
      : Object.keys(olds).every((key) => Object.hasOwn(news, key) && resetAt(key));
  }
  if (Array.isArray(olds) && Array.isArray(news)) {
    const common = Math.min(olds.length, news.length);
    return [...Array(common).keys()].every(resetAt) && olds.length === news.length;
  }
  return isLast && (isPlainObject(news) || Array.isArray(news));
}

function resetElement(
  index: number,
  rest: PropertyPath,
  olds: PropertyValue,
  news: PropertyValue,
  secrecy: Secrecy,
): boolean {
  if (!Array.isArray(olds) || !Array.isArray(news)) {
    return !Array.isArray(olds) && !Array.isArray(news);
  }
  const [old, fresh] = [olds[index], news[index]];
  if (old === undefined || fresh === undefined) {
    return rest.length === 0 && old === fresh;
  }
  if (rest.length > 0) {
    return reset(rest, old, fresh, secrecy);
  }
  news[index] = kept(old, secrecy);
  return true;
}

function resetProperty(
  key: string,
  rest: PropertyPath,
  olds: PropertyValue,
  news: PropertyValue,
  secrecy: Secrecy,
): boolean {
  const old = isPlainObject(olds) ? olds[key] : undefined;
  if (rest.length === 0) {
    if (!isPlainObject(news)) {
      return old === undefined;
    }
    if (old === undefined) {
      delete news[key];
    } else {
      news[key] = kept(old, secrecy);
    }
    return true;
  }
  if (!isPlainObject(olds) || !isPlainObject(news)) {
    return !isPlainObject(olds) && !isPlainObject(news);
  }
  const fresh = news[key];
  return fresh === undefined ? old === undefined : reset(rest, old ?? null, fresh, secrecy);
}

const kept = (old: PropertyValue, secrecy: Secrecy): PropertyValue =>
  secrecy.olds && !secrecy.news ? makeSecret(old) : old;
