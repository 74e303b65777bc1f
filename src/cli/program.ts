import { Command, CommanderError } from "commander";
import { addCredentials } from "./commands/credentials";
import { addEmulator } from "./commands/emulator";
import { addExec } from "./commands/exec";
import { addForget } from "./commands/forget";
import { addStatus } from "./commands/status";
import { addWait } from "./commands/wait";
import { exitCodes, exitCodesHelp, Failure } from "./exitCodes";
import { warn } from "./output";

const { version } = require("../../package.json") as { version: string };

/** Runs a command line, and sets the exit code. */
export async function main(args: string[]): Promise<void> {
  try {
    await program().parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = tell(error);
  }
}

function program(): Command {
  const aws = new Command("aws-approvals")
    .description("From a request for access to the credentials that it gives: AWS IAM temporary delegation.")
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError("See --help.")
    .exitOverride();
  for (const add of [addStatus, addWait, addCredentials, addExec, addForget, addEmulator]) add(aws);
  for (const command of [aws, ...aws.commands]) command.addHelpText("after", exitCodesHelp);
  return aws;
}

/** Says what went wrong; the exit code. */
function tell(error: unknown): number {
  // It has told by itself.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  warn(error instanceof Error ? error.message : String(error));
  return error instanceof Failure ? error.exitCode : exitCodes.failed;
}
