#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as emulator from "./emulator";
import { UsageError } from "./usage";

/** A subcommand. Its `run` takes the arguments after its name and resolves with the exit code. */
interface Command {
  readonly summary: string;
  readonly usage: string;
  run(args: string[]): Promise<number>;
}

const COMMANDS: ReadonlyMap<string, Command> = new Map(Object.entries({ emulator }));

const usage = `Usage: aws-approvals <command> [options]

Commands:
${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`).join("\n")}

Options:
  -h, --help  show this text, or that of a command
  --version   show the version

Exit codes: 0 done, 1 failed, 2 the command line is wrong.`;

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  if (name === "--help" || name === "-h") return print(usage);
  if (name === "--version") return print(version());
  const command = COMMANDS.get(name);
  if (command === undefined) return refuse(`unknown command '${name}'; see aws-approvals --help`);
  if (rest.includes("--help") || rest.includes("-h")) return print(command.usage);
  try {
    return await command.run(rest);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    return refuse(`${error.message}; see aws-approvals ${name} --help`);
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function refuse(message: string): number {
  process.stderr.write(`aws-approvals: ${message}\n`);
  return 2;
}

/** Ours, or one of `parseArgs`. */
const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_"));

function version(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(__dirname, "../../package.json"), "utf8"),
  );
  return manifest.version;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`aws-approvals: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
