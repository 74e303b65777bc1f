import { chmodSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { writeAtomically } from "../atomicFile";
import { hasSection, withoutProfile, withProfile } from "../awsConfigFile";
import { CommandError, exitCodes } from "../exitCodes";
import { findRequest } from "../findRequest";
import {
  type AwsOptions,
  type InboxOptions,
  REQUEST_OPTION,
  withAwsOptions,
  withInboxOptions,
} from "../options";
import { print, printJson, warn } from "../output";
import { isOnPath, OWN_FILE } from "../ownCommand";
import { quoteForProfile } from "../quote";
import { isQualified } from "../requestNames";

interface ConfigureOptions extends AwsOptions, InboxOptions {
  request?: string;
  remove?: true;
  json?: true;
}

export function addConfigure(program: Command): void {
  const command = program
    .command("configure")
    .summary("write the AWS profile that uses what a request gave, or remove it")
    .description(
      "Writes a profile into the AWS config file ($AWS_CONFIG_FILE, or ~/.aws/config) that gets its " +
        "credentials from a request, so that any AWS tool can act in the customer's account. The rest of the " +
        "file stays as it is. A profile that this command did not write is never overwritten.\n\n  " +
        "aws-approvals configure acme-access --request acme --profile vendor\n  aws s3 ls --profile " +
        "acme-access\n  aws-approvals configure acme-access --remove",
    )
    .argument("<name>", "the name of the profile to write or remove", profileName)
    .option(...REQUEST_OPTION)
    .option("--remove", "remove the profile");
  withAwsOptions(withInboxOptions(command), {
    region: "the AWS region of the profile that is written (default: none)",
  })
    .option("--json", "print JSON instead of text")
    .action(configure);
}

async function configure(name: string, options: ConfigureOptions): Promise<void> {
  const { request, remove, json } = options;
  if ((request === undefined) === (remove === undefined))
    throw new CommandError("Give --request with a name or an id, or --remove.", exitCodes.usage);
  const file = resolve(process.env["AWS_CONFIG_FILE"] || join(homedir(), ".aws", "config"));
  const before = readText(file);
  if (request === undefined) {
    const after = withoutProfile(before, name);
    if (after !== undefined) replaceFile(file, after);
    if (json) return printJson({ profile: name, file, removed: after !== undefined });
    return print(
      after === undefined
        ? `There is no profile ${name} in ${file}.`
        : `Removed profile ${name} from ${file}.`,
    );
  }
  refuseShadowed(name);
  const credentialProcess = await commandLine(request, options);
  replaceFile(
    file,
    withProfile(before, name, { credentialProcess, ...(options.region && { region: options.region }) }),
  );
  if (json) return printJson({ profile: name, file, credentialProcess });
  print(`Wrote profile ${name} to ${file}. Try it: aws sts get-caller-identity --profile ${name}`);
}

/** What the profile runs, from any folder. */
async function commandLine(request: string, options: ConfigureOptions): Promise<string> {
  const { stateFile, profile, table } = options;
  if (stateFile === "-")
    throw new CommandError("--state-file: a profile cannot read stdin.", exitCodes.usage);
  const { loaded } = await findRequest(request, options);
  const stack =
    options.stack ?? process.env["PULUMI_STACK"] ?? (stateFile === undefined ? loaded?.name : undefined);
  const given: [string, string | undefined][] = [
    ["--request", request],
    ["--stack", stack],
    ["--cwd", stack === undefined || isQualified(stack) ? undefined : resolve(options.cwd ?? ".")],
    ["--state-file", stateFile && resolve(stateFile)],
    ["--table", table],
    ["--profile", profile],
  ];
  const words = given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return [...ownCommand(), "credentials", ...words].map(quoteForProfile).join(" ");
}

/** By name where it is installed for all folders: then the profile survives an update of Node.js. */
function ownCommand(): string[] {
  if (isOnPath()) return ["aws-approvals"];
  if (/[\\/]_npx[\\/]/.test(OWN_FILE))
    warn(
      "npx may remove the command that the profile runs: npm install --global pulumi-aws-approvals, and configure again.",
    );
  return [process.execPath, OWN_FILE];
}

/** @throws CommandError when the shared credentials file has the profile, whose keys the AWS tools would take */
function refuseShadowed(name: string): void {
  const file = process.env["AWS_SHARED_CREDENTIALS_FILE"] || join(homedir(), ".aws", "credentials");
  if (!hasSection(readText(file), name)) return;
  throw new CommandError(
    `${file} has a profile ${name}, which the AWS tools would use. Choose another name.`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new CommandError((error as Error).message, exitCodes.failed, { cause: error });
  }
}

/** The file keeps its permissions, and stays where a link points to. */
function replaceFile(file: string, text: string): void {
  try {
    const target = realpathOf(file);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    const mode = modeOf(target);
    writeAtomically(target, text, mode);
    // The umask may have taken something off.
    chmodSync(target, mode);
  } catch (error) {
    throw new CommandError((error as Error).message, exitCodes.failed, { cause: error });
  }
}

function realpathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

const modeOf = (file: string): number => (statSync(file, { throwIfNoEntry: false })?.mode ?? 0o600) & 0o777;

function profileName(text: string): string {
  if (/^[\w.@+:/-]+$/.test(text)) return text;
  throw new InvalidArgumentError("The name of a profile is of letters, digits and _ . @ + : / -");
}
