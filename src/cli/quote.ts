import { CommandError } from "./exitCodes";

const BARE = /^[\w@+=:,./-]+$/;

/** A word for a POSIX shell: `sh`, `bash`, `zsh`. */
export const quoteForShell = (word: string): string =>
  BARE.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;

/** A string of PowerShell, which takes typographic quotes for quotes. */
export const quoteForPowerShell = (text: string): string =>
  BARE.test(text) ? `"${text}"` : `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`;

export const quoteForFish = (text: string): string =>
  BARE.test(text) ? `"${text}"` : `'${text.replace(/[\\']/g, "\\$&")}'`;

/**
 * What follows `set` in the command prompt of Windows.
 * @throws CommandError when no quotes help
 */
export function assignForCmd(name: string, value: string): string {
  if (BARE.test(value)) return `${name}=${value}`;
  if (!/["%!\p{Cc}]/u.test(value)) return `"${name}=${value}"`;
  throw new CommandError(`The command prompt cannot take the value of ${name}. Choose another --format.`);
}

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
