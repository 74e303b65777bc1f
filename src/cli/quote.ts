import { CommandError } from "./exitCodes";

const BARE = /^[\w@+=:,./-]+$/;

/** A word for a POSIX shell: `sh`, `bash`, `zsh`. */
export const quoteForShell = (word: string): string =>
  BARE.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;

/**
 * A word for a profile's `credential_process`. Some AWS tools split it themselves, as a shell would, and others give it to
 * one; some take what follows ` #` or ` ;` for a comment, quoted or not.
 * @throws CommandError when no quotes help
 */
export function quoteForProfile(word: string): string {
  const isWindows = process.platform === "win32";
  if (/[\p{Cc}]|\s[#;]/u.test(word) || (isWindows && /["%]/.test(word))) {
    throw new CommandError(
      `A profile cannot hold ${JSON.stringify(word)}. For a request of such a name, give AWS's id.`,
    );
  }
  if (BARE.test(word)) return word;
  return isWindows ? `"${word}"` : quoteForShell(word);
}
