import { isDeepStrictEqual } from "node:util";

/** The keys whose values differ. Pulumi's unknown sentinel equals nothing, so what is unknown counts as changed. */
export function changed<T extends object>(
  olds: T,
  news: Partial<T>,
  keys: readonly (keyof T & string)[],
): string[] {
  return keys.filter((key) => !isDeepStrictEqual(olds[key], news[key]));
}

/**
 * The state without the arguments that the program left to us or AWS, which a diff must not take for the program's.
 * One that the program now spells out is compared with what it came to.
 */
export function withoutComputed<T extends { computed: readonly (keyof T)[] }>(
  state: T,
  news: Partial<T> = {},
): T {
  const asked = { ...state };
  for (const key of state.computed) if (news[key] === undefined) delete asked[key];
  return asked;
}

/** Those of the keys that have a value. */
export function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(
    keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]),
  ) as Pick<T, K>;
}
