import { aroundCalls } from "./middleware";

/** Values by what a message may call them. */
type Named = readonly (readonly [name: string, value: string])[];

/**
 * Makes a client's errors speak of inputs by their names. AWS's validation errors repeat the values that they are about, and
 * the SDK's own errors those of settings; neither knows which of them are secret to the program.
 *
 * @param settings what the client was made of, by the name in the configuration
 */
export function redactErrors<C extends object>(
  client: C,
  settings: Readonly<Record<string, string | undefined>> = {},
): C {
  const named = namedValues(settings);
  return aroundCalls(client, "redactInput", (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      throw redacted(error, [...namedValues(args.input), ...named]);
    }
  });
}

/** The error itself, since its other properties say how it came about. */
function redacted(error: unknown, named: Named): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack } = error;
  error.message = redact(message, named);
  if (stack !== undefined) error.stack = stack.replaceAll(message, error.message);
  return error;
}

/** The text with every value replaced by its name: `Value '<Description>' at 'description' failed to satisfy …`. */
export function redact(text: string, named: Named): string {
  const names = new Map(named.filter(([, value]) => value !== "").map(([name, value]) => [value, name]));
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(occurrences).join("|"), "g");
  const replaced = names.size === 0 ? text : text.replace(pattern, (value) => `<${names.get(value)}>`);
  // AWS writes out lists and objects, and shortens long texts, in ways of its own.
  return replaced.replace(/(?<=\b[Vv]alues? ')(?!<\w+>' at ').*?(?=' at ')/gs, "…");
}

/** A pattern for the value. A short one may be a part of other words and numbers, which are left alone. */
function occurrences(value: string): string {
  const pattern = value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (value.length > 3) return pattern;
  return /^\d+$/.test(value) ? `(?<![\\w.])${pattern}(?!\\w|\\.\\d)` : `(?<=['"\`])${pattern}(?=['"\`])`;
}

/** The texts and numbers in a value, each by the name of the property that it is in. */
function namedValues(value: unknown, name = ""): [string, string][] {
  if (typeof value === "string" || typeof value === "number") return [[name, String(value)]];
  if (Array.isArray(value)) return value.flatMap((item) => namedValues(item, name));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => namedValues(inner, key));
}
