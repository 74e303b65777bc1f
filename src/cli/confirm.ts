import { createInterface } from "node:readline/promises";
import { CommandError, exitCodes } from "./exitCodes";

/**
 * Asks on the terminal.
 * @param question without the choices
 * @throws CommandError when there is no terminal to ask on
 */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new CommandError(`${question} There is no terminal to ask on: give --yes.`, exitCodes.usage);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
