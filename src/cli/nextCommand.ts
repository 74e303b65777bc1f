import type { AwsOptions, InboxOptions } from "./options";
import { typedCommand } from "./ownCommand";
import { quoteForShell } from "./quote";

type Given = InboxOptions & AwsOptions;

/** This command again, as it can be pasted: for the stack, the inbox and the account that the user has given. */
export function nextCommand(
  command: string,
  { stack, cwd, stateFile, table, profile, region }: Given,
): string {
  return withOptions(`${typedCommand()} ${command}`, [
    ["--stack", stack],
    ["--cwd", cwd],
    // What came from stdin is gone.
    ["--state-file", stateFile === "-" ? undefined : stateFile],
    ["--table", table],
    ["--profile", profile],
    ["--region", region],
  ]);
}

/** A command about a request, by the name or the id that the user knows it by. */
export const nextFor = (command: string, reference: string, options: Given): string =>
  nextCommand(`${command} --request ${quoteForShell(reference)}`, options);

/** A command of Pulumi's, for the same stack. */
export const pulumiCommand = (command: string, { stack, cwd }: Given): string =>
  withOptions(`pulumi ${command}`, [
    ["--stack", stack],
    ["--cwd", cwd],
  ]);

const withOptions = (command: string, given: readonly (readonly [string, string | undefined])[]): string =>
  [
    command,
    ...given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, quoteForShell(value)])),
  ].join(" ");
