import { cachedCredentials, REQUEST_ID } from "./cachedCredentials";
import { isFormat, render } from "./formats";

/** Options with a value that change nothing about credentials that are at hand. */
const OPTION = /^--(request|format|profile|region|queue-url|stack)(?:=(.*))?$/;

/**
 * Answers `credentials --request ID` when they are at hand, before a command line library is loaded: AWS commands
 * wait for it each time. Anything that it doesn't understand is left to the library, wrong command lines too.
 */
export function answerFromCache([command, ...args]: string[]): string | undefined {
  if (command !== "credentials") return undefined;
  const given: Record<string, string> = { format: "process" };
  while (args.length > 0) {
    const [, name, inline] = OPTION.exec(args.shift() ?? "") ?? [];
    const value = inline ?? args.shift();
    if (name === undefined || value === undefined) return undefined;
    given[name] = value;
  }
  const { request = "", format = "" } = given;
  if (!REQUEST_ID.test(request) || !isFormat(format)) return undefined;
  const access = cachedCredentials(request);
  return access && render(access, format);
}
