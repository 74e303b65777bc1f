import type { AwsConfiguration } from "../aws/configuration";
import type { Properties } from "../declaration/properties";
import { isUnknown } from "../declaration/unknown";
import { type CheckFailure, formatPath } from "../declaration/validate";

/** What the configuration says of the tags of all resources. */
export interface TagSettings {
  /** Tags that every taggable resource gets beside its own. */
  defaults: Readonly<Record<string, string>>;
  /** Whether others set the tag: then it is neither shown nor removed. */
  isIgnored(key: string): boolean;
}

/** The variables of the `aws` provider that say the same as `defaultTags` and `ignoreTags`. */
const DEFAULT_TAG = "TF_AWS_DEFAULT_TAGS_";
const IGNORED_KEYS = "TF_AWS_IGNORE_TAGS_KEYS";
const IGNORED_PREFIXES = "TF_AWS_IGNORE_TAGS_KEY_PREFIXES";

/** Those of the configuration beside those of the environment; of a default tag that both have, the configuration's. */
export function tagSettings({ defaultTags, ignoreTags }: AwsConfiguration): TagSettings {
  const ambient = Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith(DEFAULT_TAG) && value ? [[name.slice(DEFAULT_TAG.length), value]] : [],
  );
  const keys = [...(ignoreTags?.keys ?? []), ...listIn(IGNORED_KEYS)];
  const prefixes = [...(ignoreTags?.keyPrefixes ?? []), ...listIn(IGNORED_PREFIXES)];
  return {
    defaults: { ...Object.fromEntries(ambient), ...defaultTags?.tags },
    isIgnored: (key) => keys.includes(key) || prefixes.some((prefix) => key.startsWith(prefix)),
  };
}

const listIn = (variable: string): string[] => (process.env[variable] ?? "").split(",").filter(Boolean);

/** The inputs with the default tags among their `tags`, where the resource has tags and they are known. */
export function withDefaultTags(
  declared: Properties,
  inputs: Readonly<Record<string, unknown>>,
  { defaults }: TagSettings,
): Readonly<Record<string, unknown>> {
  const { tags } = inputs;
  const areKnown = tags === undefined || (typeof tags === "object" && tags !== null);
  if (declared["tags"] === undefined || !areKnown || Object.keys(defaults).length === 0) return inputs;
  return { ...inputs, tags: { ...defaults, ...tags } };
}

/** A resource cannot have a tag that it must not show. */
export function ignoredTagFailures(
  { tags }: Readonly<Record<string, unknown>>,
  { isIgnored }: TagSettings,
): CheckFailure[] {
  return Object.keys(Object(isUnknown(tags) ? {} : tags))
    .filter(isIgnored)
    .map((key) => ({
      property: formatPath(["tags", key]),
      reason: "is ignored by ignoreTags in the configuration. Remove the key from tags or from ignoreTags",
    }));
}
