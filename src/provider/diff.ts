import { isDeepStrictEqual } from "node:util";
import type { Properties, Property } from "./properties";
import { hasUnknowns, isUnknown } from "./unknown";

export interface Diff {
  /** Properties that are changed in place. */
  updates: string[];
  /** Properties whose change needs a new resource. */
  replaces: string[];
}

type Values = Readonly<Record<string, unknown>>;

/** The declared properties that differ, by the effect of a change. An unknown value counts as changed. */
export function diffProperties(properties: Properties, olds: object, news: object): Diff {
  const changed = Object.keys(properties).filter((name) =>
    isChanged(properties[name] as Property, (olds as Values)[name], (news as Values)[name]),
  );
  const changedWith = (effect: Property["onChange"]) =>
    changed.filter((name) => properties[name]?.onChange === effect);
  return { replaces: changedWith("replace"), updates: changedWith("update") };
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
