import { spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import type { Command } from "commander";
import { environment } from "../formats";
import { type AccessOptions, withAccessOptions } from "../options";
import { warn } from "../output";

export function addExec(program: Command): void {
  withAccessOptions(program.command("exec"))
    .summary("run a command with the credentials that a request gave")
    .description(
      "Runs a command with the credentials that a customer granted in its environment, until it ends. Its exit code is " +
        "the exit code; 127 says that there is no such command, 126 that it can't be run. Signals are passed on.",
    )
    .usage("--request <id> [options] -- <command...>")
    .argument("<command...>", "what to run, with its arguments")
    .passThroughOptions()
    .action(async ([command = "", ...args]: string[], options: AccessOptions) => {
      // Before the way to the credentials leaves its marks in it.
      const inherited = { ...process.env };
      const { obtainAccess } = await import("../obtainCredentials");
      const env = { ...inherited, ...environment(await obtainAccess(options)) };
      // They would come before the credentials, in some tools.
      for (const name of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN"]) delete env[name];
      await run(command, args, env);
    });
}

/** Those that a terminal sends to all of its processes, so that the command has them already. */
const OF_THE_TERMINAL: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];
const SIGNALS: readonly NodeJS.Signals[] = [
  ...OF_THE_TERMINAL,
  "SIGTERM",
  "SIGHUP",
  "SIGUSR2",
  "SIGCONT",
  "SIGWINCH",
];

/** Runs to the end of the command, and ends as it did. */
async function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const inTerminal = [0, 1, 2].some((fd) => isatty(fd));
  const child = spawn(command, args, { env, stdio: "inherit" });
  const listeners = SIGNALS.map((signal) => {
    const pass = () => {
      if (!(inTerminal && OF_THE_TERMINAL.includes(signal))) child.kill(signal);
    };
    process.on(signal, pass);
    return () => process.off(signal, pass);
  });
  const ended = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve({ code, signal }));
    },
  ).catch((error: NodeJS.ErrnoException) => {
    warn(error.code === "ENOENT" ? `${command}: not found` : `${command}: ${error.message}`);
    return { code: error.code === "ENOENT" ? 127 : 126, signal: null };
  });
  for (const remove of listeners) remove();
  if (ended.signal) {
    process.exitCode = 128 + constants.signals[ended.signal];
    process.kill(process.pid, ended.signal);
  } else {
    process.exitCode = ended.code ?? 1;
  }
}
