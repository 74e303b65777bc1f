import type { PropertyMap, PropertyValue } from "../../engine";

/** The tags of a resource, as text. */
export function tagsOf({ tags }: { tags?: PropertyValue }): Record<string, string> {
  const entries = Object.entries(Object(tags ?? {})).map(([key, value]) => [key, String(value)]);
  return Object.fromEntries(entries);
}

export function changedTags(
  olds: PropertyMap,
  news: PropertyMap,
): { set: Record<string, string>; removed: string[] } {
  const [before, after] = [tagsOf(olds), tagsOf(news)];
  return {
    set: Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value)),
    removed: Object.keys(before).filter((key) => !(key in after)),
  };
}
