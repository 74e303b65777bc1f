import { REQUEST_ID } from "../aws/delegationRequestState";
import { cachedCredentials } from "./cachedCredentials";
import { isFormat, render } from "./formats";

/** Options with a value, none of which matters when the credentials are cached. */
const OPTION = /^--(request|format|profile|region|queue-url|stack)(?:=(.*))?$/;

/**
 * Answers `credentials --request ID` from the cache without loading the command line library, since AWS commands run it
 * each time. Undefined for any other command line, wrong ones included: those are left to the library.
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
