import { createInterface } from "node:readline/promises";
import { CommandError, exitCodes } from "./exitCodes";
import { endBySignal } from "./signals";

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
  terminal.once("SIGINT", () => endBySignal("SIGINT"));
  try {
    // Ctrl-D closes it without an answer.
    const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
