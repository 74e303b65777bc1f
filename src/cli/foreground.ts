import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { isatty } from "node:tty";
import { warn } from "./output";
import { endBySignal } from "./signals";

/** A terminal sends these to all processes in its foreground, so that the command gets them without us. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGWINCH"];
const FORWARDED: readonly NodeJS.Signals[] = [
  ...FROM_TERMINAL,
  ...(["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCONT"] as const),
];

/**
 * Runs a command with our input and output, passes signals on, and ends as the command has ended: with its exit code, by
 * its signal, with 127 when there is no such command and with 126 when it can't be run.
 */
export async function runInForeground(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { default: spawn } = await import("cross-spawn");
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals) => {
    if (!(FROM_TERMINAL.includes(signal) && isInForeground())) child?.kill(signal);
  };
  // From here on, each is the command's to answer. A command may be ready before `spawn` returns.
  for (const signal of FORWARDED) process.removeAllListeners(signal).on(signal, forward);
  try {
    const running = spawn(command, args, { env, stdio: "inherit" });
    child = running;
    const { code, signal } = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
      (resolve, reject) => {
        running.once("error", reject);
        running.once("exit", (code, signal) => resolve({ code, signal }));
      },
    );
    if (signal) endBySignal(signal);
    else process.exitCode = code ?? 1;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    warn(`${command}: ${code === "ENOENT" ? "not found" : message}`);
    process.exitCode = code === "ENOENT" ? 127 : 126;
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}

/** Whether what is typed at a terminal, such as Ctrl-C, goes to this process and its children. */
function isInForeground(): boolean {
  try {
    // proc(5): the name, which may hold anything, ends with the last parenthesis.
    const fields = readFileSync("/proc/self/stat", "latin1")
      .replace(/^.*\) /s, "")
      .split(" ");
    const [, , processGroup, , , foregroundGroup] = fields;
    return processGroup === foregroundGroup;
  } catch {
    return [0, 1, 2].some((fd) => isatty(fd));
  }
}
