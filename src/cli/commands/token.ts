import { isatty } from "node:tty";
import type { Command } from "commander";
import { CommandError, exitCodes } from "../exitCodes";
import {
  type AwsOptions,
  type InboxOptions,
  REQUEST_OPTION,
  withAwsOptions,
  withInboxOptions,
} from "../options";
import { print, printJson } from "../output";

interface TokenOptions extends AwsOptions, InboxOptions {
  request: string;
  yes?: true;
  json?: true;
}

export function addToken(program: Command): void {
  withAwsOptions(withInboxOptions(program.command("token").requiredOption(...REQUEST_OPTION)))
    .summary("print the token of a request, for a pipeline that trades it in")
    .description(
      "Prints the token that a customer sent, for a pipeline that cannot read the inbox. The token is a " +
        "secret: with it, whoever can act as the account that made the request gets the customer's access. " +
        "Give it to the secret store of the pipeline:\n\n  aws-approvals token --request acme | gh secret " +
        "set ACME_TOKEN\n\nand, in the pipeline:\n\n  printenv ACME_TOKEN |\n  aws-approvals exec --request " +
        "ID --token-stdin --table ARN -- aws s3 ls",
    )
    .option("--yes", "print it even if stdout is a terminal")
    .option("--json", "print JSON, with the id of the request and the end of the access")
    .action(token);
}

async function token({ yes, json, ...options }: TokenOptions): Promise<void> {
  if (isatty(1) && !yes)
    throw new CommandError(
      "The token is a secret, and stdout is a terminal: pipe it, or give --yes.",
      exitCodes.usage,
    );
  const [{ clientsFor }, { RequestCache }, { findRequest }, { findToken }, { Mailboxes }] = await Promise.all(
    [
      import("../aws"),
      import("../cache"),
      import("../findRequest"),
      import("../findToken"),
      import("../mailboxes"),
    ],
  );
  const { id, loaded } = await findRequest(options.request, options);
  const found = { ...options, ...(loaded && { loaded }) };
  const mailboxes = new Mailboxes(found, clientsFor(options, id), new RequestCache());
  const { token, accessEndsAt } = await findToken(id, await mailboxes.find(id), options);
  if (json) printJson({ requestId: id, token: token.reveal(), accessEndsAt: accessEndsAt.toISOString() });
  else print(token.reveal());
}
