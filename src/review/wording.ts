import { isUnknown } from "../declaration/unknown";
import { formatPath } from "../declaration/validate";
import type { Values } from "../declaration/values";
import type { Change } from "../provider/diff";
import type { Sentence } from "./model";
import { SECRET } from "./preview";

/** Replaces control and format characters, and links: one may let whoever opens it claim a request. */
export const plain = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}|\p{Cf}/gu, "\uFFFD")
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "(link)");

/** A value between backticks. */
export const code = (text: string): Sentence => `\`${plain(text).replaceAll("`", "'") || " "}\``;

export const UNKNOWN_TEXT = "not known until `pulumi up`";

/** A value as a reviewer reads it; secrets and what is not known yet are said to be that. */
export function show(value: unknown): Sentence {
  if (isUnknown(value)) return UNKNOWN_TEXT;
  if (value === SECRET) return "a secret";
  if (value === undefined) return "nothing";
  return code(typeof value === "string" ? value : jsonOf(value));
}

const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    isUnknown(inner) ? "(not known yet)" : inner === SECRET ? "(secret)" : inner,
  ) ?? "";

/** A string that the preview shows. */
export const known = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** `sessionDuration` from `3600` to `7200` */
export function showChange({ path, kind }: Change, olds: Values, news: Values): Sentence {
  const [old, next] = [valueAt(olds, path), valueAt(news, path)];
  const name = code(formatPath(path));
  if (old === SECRET && next === SECRET) return `${name}, a secret`;
  if (kind === "add") return `${name} added, ${show(next)}`;
  if (kind === "delete") return `${name} removed, ${show(old)}`;
  return `${name} from ${show(old)} to ${show(next)}`;
}

/** The value at a path; what hides it, where the preview does not show it. */
export const valueAt = (values: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (value === SECRET || isUnknown(value) ? value : Object(value)[key]),
    values,
  );

/** `one, two and three` */
export const listed = (parts: readonly string[], last = "and"): string =>
  parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} ${last} ${parts.at(-1)}`;

/** `3 members`, `1 member` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** What became of a change that people have said no to. */
export const REFUSED =
  "the members did not approve this change. It fails until the program has another change or another generation.";

/** Of what a replacement leaves where it is. */
export const RETAINED = "The previous one is not deleted, because of the option `retainOnDelete`.";
