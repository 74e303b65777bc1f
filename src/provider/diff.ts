import { isDeepStrictEqual } from "node:util";
import { type Properties, type Property, propertyOf } from "../declaration/properties";
import { hasUnknowns, isUnknown, type Path } from "../declaration/unknown";
import type { Values } from "../declaration/values";

export interface Diff {
  /** Properties that are changed in place. */
  updates: string[];
  /** Properties whose change needs a new resource. */
  replaces: string[];
}

/** The declared properties that differ, by the effect of a change. An unknown value counts as changed. */
export function diffProperties(properties: Properties, olds: object, news: object): Diff {
  const changed = Object.keys(properties).filter((name) =>
    isChanged(properties[name] as Property, (olds as Values)[name], (news as Values)[name]),
  );
  const changedWith = (effect: Property["onChange"]) =>
    changed.filter((name) => properties[name]?.onChange === effect);
  return { replaces: changedWith("replace"), updates: changedWith("update") };
}

/** A value that differs: it was added, deleted, or has another value. */
export interface Change {
  path: Path;
  kind: "add" | "delete" | "update";
}

/** Where two values of a property differ: the innermost values, so that what is equal beside them is not shown. */
export function changesOf(property: Property, old: unknown, value: unknown, path: Path): Change[] {
  if (!isChanged(property, old, value)) return [];
  const changes =
    property.type === "array" && property.uniqueItems
      ? changesOfSet(property.items, old, value, path)
      : keysOf(old, value).flatMap((key) => {
          const inner = propertyOf(property, key);
          const [before, after] = [old, value].map((one) => (one as Values)[key]);
          return inner ? changesOf(inner, before, after, [...path, key]) : [];
        });
  if (changes.length > 0) return changes;
  return [{ path, kind: old === undefined ? "add" : value === undefined ? "delete" : "update" }];
}

/** The entries that one of two sets lacks. An entry that takes another's place is one change. */
function changesOfSet(items: Property, old: unknown, value: unknown, path: Path): Change[] {
  if (!Array.isArray(old) || !Array.isArray(value)) return [];
  const lacking = (these: unknown[], those: unknown[]) =>
    these.flatMap((one, i) => (those.every((other) => isChanged(items, other, one)) ? [i] : []));
  const [removed, added] = [lacking(old, value), lacking(value, old)];
  const kindAt = (i: number) =>
    removed.includes(i) ? (added.includes(i) ? "update" : "delete") : ("add" as const);
  return [...new Set([...removed, ...added])]
    .sort((a, b) => a - b)
    .map((i) => ({ path: [...path, i], kind: kindAt(i) }));
}

/** What two objects or two lists have; none when they are not of a kind. */
function keysOf(old: unknown, value: unknown): (string | number)[] {
  if (Array.isArray(old) && Array.isArray(value))
    return Array.from({ length: Math.max(old.length, value.length) }, (_, index) => index);
  const areObjects = [old, value].every(
    (one) => one !== null && typeof one === "object" && !Array.isArray(one),
  );
  return areObjects ? [...new Set([...Object.keys(old as object), ...Object.keys(value as object)])] : [];
}

function isChanged(property: Property, old: unknown, value: unknown): boolean {
  if (value === undefined && property.keptWhenOmitted) return false;
  return !isDeepStrictEqual(withDefaults(property, old), withDefaults(property, value));
}

/** The value with defaults filled in: spelling out a default is not a change. */
function withDefaults(property: Property, value: unknown = property.default): unknown {
  if (value === undefined || isUnknown(value)) return value;
  // `1` and `"1"` are the same generation.
  if (property.type === "scalar") return String(value);
  if (property.type === "object") {
    const names = Object.keys(property.properties);
    return Object.fromEntries(
      names.map((name) => [
        name,
        withDefaults(property.properties[name] as Property, (value as Values)[name]),
      ]),
    );
  }
  if (property.type === "array" && Array.isArray(value)) {
    const items = value.map((item) => withDefaults(property.items, item));
    return property.uniqueItems && !hasUnknowns(items) ? new Set(items) : items;
  }
  return value;
}
