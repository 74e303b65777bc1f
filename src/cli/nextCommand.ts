import type { AwsOptions, InboxOptions } from "./options";
import { quoteForShell } from "./quote";

/** A command that can be pasted, for the stack, the inbox and the profile that the user has given. */
export function againWith(command: string, options: InboxOptions & Pick<AwsOptions, "profile">): string {
  const { stack, cwd, stateFile, table, profile } = options;
  const isOurs = command.startsWith("aws-approvals");
  const given: [string, string | undefined][] = [
    ["--stack", stack],
    ["--cwd", cwd],
    ["--state-file", isOurs && stateFile !== "-" ? stateFile : undefined],
    ["--table", isOurs ? table : undefined],
    ["--profile", isOurs ? profile : undefined],
  ];
  const words = given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, quoteForShell(value)]));
  return [command, ...words].join(" ");
}

/** A command about a request, by the name or the id that the user knows it by. */
export const nextFor = (
  command: string,
  reference: string,
  options: Parameters<typeof againWith>[1],
): string => againWith(`aws-approvals ${command} --request ${quoteForShell(reference)}`, options);
