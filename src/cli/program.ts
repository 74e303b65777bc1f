import { Command, CommanderError } from "commander";
import { addCancel } from "./commands/cancel";
import { addCredentials } from "./commands/credentials";
import { addEmulator } from "./commands/emulator";
import { addExec } from "./commands/exec";
import { addForget } from "./commands/forget";
import { addSessions } from "./commands/sessions";
import { addStatus } from "./commands/status";
import { addWait } from "./commands/wait";
import { CommandError, exitCodes, exitCodesHelp } from "./exitCodes";
import { warn } from "./output";

const { version } = require("../../package.json") as { version: string };

/** Runs a command line and sets the exit code. */
export async function main(args: string[]): Promise<void> {
  try {
    await program().parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

function program(): Command {
  const root = new Command("aws-approvals")
    .description(
      "From a request for access to the credentials that it gives, and what approval teams vote on: AWS IAM temporary " +
        "delegation and Multi-party approval.",
    )
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError("See --help.")
    .exitOverride();
  for (const add of [
    addStatus,
    addWait,
    addCredentials,
    addExec,
    addForget,
    addSessions,
    addCancel,
    addEmulator,
  ])
    add(root);
  for (const command of [root, ...root.commands]) command.addHelpText("after", exitCodesHelp);
  return root;
}

/** @returns the exit code */
function reportError(error: unknown): number {
  // Commander has printed its own errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  warn(error instanceof Error ? error.message : String(error));
  return error instanceof CommandError ? error.exitCode : exitCodes.failed;
}
