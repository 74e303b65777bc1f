import { spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import type { Command } from "commander";
import { findAccess } from "../findAccess";
import { environment } from "../formats";
import { type AccessOptions, withAccessOptions } from "../options";
import { warn } from "../output";

export function addExec(program: Command): void {
  withAccessOptions(program.command("exec"))
    .summary("run a command with the credentials that a request gave")
    .description(
      "Runs a command with the credentials that a customer granted in its environment, until it ends. Its exit code is " +
        "the exit code; 127 means that the command was not found, 126 that it can't be run. Signals are passed on.",
    )
    .usage("--request <name|id> [options] -- <command...>")
    .argument("<command...>", "what to run, with its arguments")
    .passThroughOptions()
    .action(async ([command = "", ...args]: string[], options: AccessOptions) => {
      // Copied before obtaining the credentials sets variables in it.
      const inherited = { ...process.env };
      const env = { ...inherited, ...environment(await findAccess(options)) };
      // Some tools prefer these to the credentials.
      for (const name of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN"]) delete env[name];
      await run(command, args, env);
    });
}

/** A terminal sends these to the whole process group, so the command gets them without us. */
const TERMINAL_SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];
const FORWARDED_SIGNALS: readonly NodeJS.Signals[] = [
  ...TERMINAL_SIGNALS,
  "SIGTERM",
  "SIGHUP",
  "SIGUSR2",
  "SIGCONT",
  "SIGWINCH",
];

/** Runs the command, then exits with its exit code or by its signal. */
async function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const inTerminal = [0, 1, 2].some((fd) => isatty(fd));
  const child = spawn(command, args, { env, stdio: "inherit" });
  const listeners = FORWARDED_SIGNALS.map((signal) => {
    const forward = () => {
      if (!(inTerminal && TERMINAL_SIGNALS.includes(signal))) child.kill(signal);
    };
    process.on(signal, forward);
    return () => process.off(signal, forward);
  });
  const result = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve({ code, signal }));
    },
  ).catch((error: NodeJS.ErrnoException) => {
    warn(error.code === "ENOENT" ? `${command}: not found` : `${command}: ${error.message}`);
    return { code: error.code === "ENOENT" ? 127 : 126, signal: null };
  });
  for (const remove of listeners) remove();
  if (result.signal) {
    process.exitCode = 128 + constants.signals[result.signal];
    process.kill(process.pid, result.signal);
  } else {
    process.exitCode = result.code ?? 1;
  }
}
