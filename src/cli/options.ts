import { type Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../duration";
import { TEAM_ARN } from "../resources/mpa/properties";
import { FLAGS, isTableArn } from "./flags";
import type { Stack } from "./stack";

const whereToLook = (flags: string, description: string): Option =>
  new Option(flags, description).helpGroup("Stack and inbox:");

const asWhom = (flags: string, description: string): Option =>
  new Option(flags, description).helpGroup("AWS account:");

/** Which stack to read: by default the one that is selected in the current folder. */
export interface StackOptions {
  stack?: string;
  stateFile?: string;
  /** The folder of the Pulumi program. */
  cwd?: string;
  /** The stack, once it has been read. */
  loaded?: Stack;
}

export const withStackOptions = (command: Command): Command =>
  command
    .addOption(
      whereToLook(
        FLAGS.stack,
        "the stack (default: PULUMI_STACK, or the one that is selected in the folder)",
      ),
    )
    .addOption(whereToLook(FLAGS.cwd, "the folder of the Pulumi program (default: the current one)"))
    .addOption(
      whereToLook(FLAGS.stateFile, "the output of `pulumi stack export`, which is not run then; - is stdin"),
    );

export interface InboxOptions extends StackOptions {
  table?: string;
}

export const withInboxOptions = (command: Command): Command =>
  withStackOptions(
    command.addOption(
      whereToLook(
        FLAGS.table,
        "the DynamoDB table of the inbox (default: that of the stack, or the one used for the request before)",
      ).argParser(tableArn),
    ),
  );

/** How to reach the account of the request or team. The SDK finds what is left out. */
export interface AwsOptions {
  profile?: string;
  region?: string;
}

export const withAwsOptions = (
  command: Command,
  { region = "the AWS region (default: AWS_REGION, or that of the profile)" } = {},
): Command =>
  command
    .addOption(
      asWhom(
        FLAGS.profile,
        "the AWS profile of the account of the request or team (default: AWS_PROFILE, or any other source that AWS SDKs know)",
      ),
    )
    .addOption(asWhom(FLAGS.region, region));

export interface AccessOptions extends AwsOptions, InboxOptions {
  request: string;
  /** The request as it was given, when `request` has become its id. */
  reference?: string;
  tokenStdin?: true;
}

/** The flags, the description and the parser of `--request`. */
export const REQUEST_OPTION = [
  FLAGS.request,
  "the delegation request: the name of its resource in the stack, or its id in AWS",
  requestReference,
] as const;

/** The options of the commands that need credentials. */
export const withAccessOptions = (command: Command): Command =>
  withAwsOptions(
    withInboxOptions(
      command
        .requiredOption(...REQUEST_OPTION)
        .option("--token-stdin", "read the token, or the SNS message that has it, from stdin"),
    ),
  );

const arnOf =
  (kind: string, isArn: (text: string) => boolean) =>
  (text: string): string => {
    if (isArn(text)) return text;
    throw new InvalidArgumentError(`It must be the ARN of ${kind}.`);
  };

export const teamArn = arnOf("an approval team", (text) => TEAM_ARN.pattern.test(text));

const SESSION_ARN = /^arn:[^:]+:mpa:[a-z0-9-]+:\d{12}:session\/[a-zA-Z0-9._-]+\/[a-zA-Z0-9_-]+$/;
export const sessionArn = arnOf("a session", (text) => SESSION_ARN.test(text));

const tableArn = arnOf("a DynamoDB table", isTableArn);

export function requestReference(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("It must be the name of a resource, or AWS's id of a delegation request.");
}

/** The milliseconds of a time span, in days, hours, minutes and seconds. */
export function timeSpan(text: string): number {
  const [, days = "0", rest = ""] = /^(?:(\d+(?:\.\d+)?)d)?(.*)$/s.exec(text) ?? [];
  const milliseconds = rest === "" && text !== "" ? 0 : parseDuration(rest);
  if (milliseconds !== undefined) return Number(days) * 86_400_000 + milliseconds;
  throw new InvalidArgumentError("It must be a time span, such as 90s, 10m, 1h30m or 7d.");
}
