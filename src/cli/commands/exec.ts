import { type Command, Option } from "commander";
import { formatDuration } from "../../duration";
import type { DelegatedAccess } from "../../functions/sts/tradeIn";
import { CommandError, exitCodes } from "../exitCodes";
import { type FoundAccess, findAccess } from "../findAccess";
import { environment } from "../formats";
import { type AccessOptions, type AwsOptions, timeSpan, withAccessOptions } from "../options";
import { formatUtc, warn } from "../output";

interface ExecOptions extends AccessOptions {
  minTtl: number;
}

const DEFAULT_MIN_TTL_MS = 60_000;

export function addExec(program: Command): void {
  withAccessOptions(program.command("exec"))
    .summary("run a command with the credentials that a request gave")
    .description(
      "Runs a command with the credentials that a customer granted in its environment. First it says on " +
        "stderr as whom the command acts, and until when. Signals are passed on. The exit code is that of " +
        "the command; 127 means that there is no such command, 126 that it cannot be run. The region is that " +
        "of --region, of the environment, or of the AWS profile, in this order.\n\n  aws-approvals exec " +
        "--request acme -- aws s3 ls",
    )
    .usage("--request <name|id> [options] -- <command...>")
    .argument("<command...>", "what to run, with its arguments")
    .addOption(
      new Option("--min-ttl <span>", "do not begin if the access ends sooner, such as 10m or 1h30m")
        .argParser(timeSpan)
        .default(DEFAULT_MIN_TTL_MS, "1m"),
    )
    .passThroughOptions()
    .action(async ([command = "", ...args]: string[], options: ExecOptions) => {
      // Copied before obtaining the credentials sets variables in it.
      const inherited = { ...process.env };
      const found = await findAccess(options);
      checkLifetime(found, options);
      const env = await childEnvironment(inherited, found.access, options);
      const { runInForeground } = await import("../foreground");
      await runInForeground(command, args, env);
    });
}

/** @throws CommandError when the access ends too soon */
function checkLifetime({ access, now }: FoundAccess, options: ExecOptions): void {
  const { credentials, assumedPrincipal } = access;
  const end = new Date(credentials.expiration);
  const left = end.getTime() - now.getTime();
  const until = `${formatUtc(end)}, in ${formatDuration(left)}`;
  if (left < options.minTtl) {
    const needed = formatDuration(options.minTtl);
    throw new CommandError(
      `The access of request ${options.request} ends on ${until}. --min-ttl asks for ${needed}.`,
      exitCodes.expired,
    );
  }
  warn(`You are ${assumedPrincipal ?? `what request ${options.request} allows`} until ${until}.`);
}

/** Tools would prefer some of these to the credentials; the others are about the account that made the request. */
const LEFT_OUT = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SECURITY_TOKEN",
  "AWS_ACCOUNT_ID",
  "AWS_CREDENTIAL_SCOPE",
];

async function childEnvironment(
  inherited: NodeJS.ProcessEnv,
  access: DelegatedAccess,
  options: AwsOptions,
): Promise<NodeJS.ProcessEnv> {
  const env = { ...inherited, ...environment(access) };
  for (const name of LEFT_OUT) delete env[name];
  const inEnvironment = inherited["AWS_REGION"] || inherited["AWS_DEFAULT_REGION"];
  const region = options.region ?? (inEnvironment || (await regionOfProfile(inherited, options)));
  // Version 1 of the AWS CLI and boto3 read the second alone, other SDKs the first.
  return region ? { ...env, AWS_REGION: region, AWS_DEFAULT_REGION: region } : env;
}

/** The command does not see the profile any more. */
async function regionOfProfile(env: NodeJS.ProcessEnv, options: AwsOptions): Promise<string | undefined> {
  const profile = options.profile ?? (env["AWS_PROFILE"] || env["AWS_DEFAULT_PROFILE"]);
  if (!profile) return undefined;
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  return credentialsFile[profile]?.["region"] ?? configFile[profile]?.["region"];
}
