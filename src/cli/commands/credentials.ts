import { type Command, Option } from "commander";
import { findAccess } from "../findAccess";
import { FLAGS } from "../flags";
import { FORMAT_NAMES, type Format, render } from "../formats";
import { type AccessOptions, withAccessOptions } from "../options";

export function addCredentials(program: Command): void {
  withAccessOptions(program.command("credentials"))
    .summary("print the credentials that a request gave")
    .description(
      "Prints the credentials that a customer granted. The default format is for an AWS profile, whose " +
        "commands then act in the customer's account until the access ends (`aws-approvals configure` writes " +
        "one):\n\n  [profile acme]\n  credential_process = aws-approvals credentials --request acme --stack " +
        'dev\n\nFor this shell:\n\n  eval "$(aws-approvals credentials --request acme --format env)"\n\n' +
        "The credentials are kept in ~/.aws-approvals (or $AWS_APPROVALS_HOME), for this user alone, until " +
        "the access ends. With --stack, what a name means is looked up in the stack again after 15 minutes.",
    )
    .addOption(
      new Option(FLAGS.format, "the format").choices(FORMAT_NAMES).default("process" satisfies Format),
    )
    .option(FLAGS.json, "the same as --format json")
    .action(async ({ format, json, ...options }: AccessOptions & { format: Format; json?: true }) => {
      const { access } = await findAccess(options);
      process.stdout.write(render(access, json ? "json" : format));
    });
}
