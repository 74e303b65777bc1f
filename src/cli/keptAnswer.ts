import { parseArgs } from "node:util";
import { FLAGS, isTableArn } from "./flags";
import { type Format, isFormat, render } from "./formats";
import { credentialsAtHand } from "./requestNames";

// Imports as little as possible: every AWS command that uses the profile goes through here. To load the library that reads
// command lines would take longer than all the rest.

/** The options of a command line of `credentials`. Those that are not asked for here are the library's to read. */
export type CredentialsOptions = { [Name in keyof typeof FLAGS]?: string } & {
  request: string;
  format: Format;
};

/**
 * What a command line prints when it asks for credentials that are kept.
 * @returns undefined when there are none, or when it asks for more, or wrongly
 */
export function keptAnswer(args: readonly string[]): string | undefined {
  const options = credentialsOptions(args);
  const access = options && credentialsAtHand(options.request, options);
  return access && render(access, options.format);
}

/** The options of a command line that nothing but `credentials` with valid options could be. */
export function credentialsOptions([command, ...args]: readonly string[]): CredentialsOptions | undefined {
  if (command !== "credentials") return undefined;
  try {
    const { values, tokens } = parseArgs({ args, options: OPTIONS, tokens: true });
    // Each of an option's values is checked, and not the last alone.
    if (Object.keys(values).length < tokens.length) return undefined;
    const { json, "state-file": stateFile, ...given } = values as Record<string, string>;
    const { request, table, format = "process" } = given;
    if (!request || !isFormat(format) || (table !== undefined && !isTableArn(table))) return undefined;
    return {
      ...given,
      ...{ request, format: json ? "json" : format },
      ...(stateFile !== undefined && { stateFile }),
    };
  } catch {
    return undefined;
  }
}

/** As Node.js takes them. */
const OPTIONS = Object.fromEntries(
  Object.values(FLAGS).map((flags) => {
    const [, name = "", value] = /^--([a-z-]+)( <.*>)?$/.exec(flags) ?? [];
    return [name, { type: value ? ("string" as const) : ("boolean" as const) }];
  }),
);
