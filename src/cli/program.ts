import { Command, CommanderError, Help } from "commander";
import { CommandError, exitCodes, exitCodesHelp } from "./exitCodes";
import { setVerbose, warn } from "./output";

/** Runs a command line and sets the exit code. */
export async function main(args: string[]): Promise<void> {
  try {
    const root = await program(args[0]);
    await root.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

/** The commands, in the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  status: async () => (await import("./commands/status")).addStatus,
  review: async () => (await import("./commands/review")).addReview,
  list: async () => (await import("./commands/list")).addList,
  wait: async () => (await import("./commands/wait")).addWait,
  credentials: async () => (await import("./commands/credentials")).addCredentials,
  configure: async () => (await import("./commands/configure")).addConfigure,
  exec: async () => (await import("./commands/exec")).addExec,
  token: async () => (await import("./commands/token")).addToken,
  inbox: async () => (await import("./commands/inbox")).addInbox,
  forget: async () => (await import("./commands/forget")).addForget,
  sessions: async () => (await import("./commands/sessions")).addSessions,
  cancel: async () => (await import("./commands/cancel")).addCancel,
  emulator: async () => (await import("./commands/emulator")).addEmulator,
  completion: async () => (await import("./commands/completion")).addCompletion,
};

/** What a command has alone comes before the groups that many have. */
const groupItems: Help["groupItems"] = (...args) => {
  const groups = [...new Help().groupItems(...args)];
  return new Map(groups.sort(([a], [b]) => Number(b === "Options:") - Number(a === "Options:")));
};

/** They make no calls. */
const QUIET = ["review", "emulator", "completion"];

/** @param name the command to load; all are loaded when it is none, since AWS commands run `credentials` each time */
async function program(name = ""): Promise<Command> {
  const root = new Command("aws-approvals")
    .description(
      "Who must decide about access to AWS, what they have granted, and the credentials: for requests to customers (IAM " +
        "temporary delegation) and approval teams (Multi-party approval).",
    )
    .enablePositionalOptions()
    .showHelpAfterError("See --help.")
    .configureHelp({ groupItems })
    .exitOverride();
  // The completion is of all.
  const one = Object.hasOwn(COMMANDS, name) && name !== "completion" ? COMMANDS[name] : undefined;
  if (!one) root.version((require("../../package.json") as { version: string }).version);
  for (const load of one ? [one] : Object.values(COMMANDS)) (await load())(root);
  for (const command of [root, ...root.commands]) command.addHelpText("after", exitCodesHelp(command.name()));
  for (const command of root.commands)
    if (!QUIET.includes(command.name()))
      command.option("--verbose", "print each AWS call on stderr, without secrets");
  root.hook("preAction", (_, command) => setVerbose(Boolean(command.opts()["verbose"])));
  return root;
}

/** @returns the exit code */
function reportError(error: unknown): number {
  // Commander has printed its own errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  warn(innermost(error instanceof Error ? error.message : String(error)));
  return error instanceof CommandError ? error.exitCode : exitCodes.failed;
}

/** Where a profile's credential_process was this command too, its message alone says what is wrong. */
const innermost = (message: string): string =>
  [...message.matchAll(/^.*?aws-approvals: (.*)$/gm)].at(-1)?.[1] ?? message;
