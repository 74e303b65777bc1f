import type { Command } from "commander";
import { confirm } from "../confirm";
import { describeSession } from "../describeSession";
import { CommandError } from "../exitCodes";
import { type AwsOptions, sessionArn, withAwsOptions } from "../options";
import { print } from "../output";

interface CancelOptions extends AwsOptions {
  session: string;
  yes?: true;
}

export function addCancel(program: Command): void {
  const command = program
    .command("cancel")
    .summary("withdraw a change or deletion of an approval team")
    .description(
      "Withdraws a change or the deletion of an approval team while its members vote on it, after a " +
        "question. The team stays as it was. `aws-approvals sessions` shows the ARNs.\n\n  aws-approvals " +
        "cancel --session ARN",
    )
    .requiredOption("--session <arn>", "the session in which the members vote", sessionArn)
    .option("--yes", "do not ask");
  withAwsOptions(command).action(cancel);
}

async function cancel({ session: arn, yes, ...options }: CancelOptions): Promise<void> {
  const [{ clientsFor }, { findSession }, { regionOf }, { call }, { loadMpa }] = await Promise.all([
    import("../aws"),
    import("../../functions/mpa/findSessions"),
    import("../../aws/arn"),
    import("../../aws/errors"),
    import("../../aws/mpa"),
  ]);
  const aws = clientsFor(options);
  const session = await findSession(arn, aws);
  print(describeSession(session));
  if (session.status !== "PENDING")
    throw new CommandError(`The session is ${session.status}: there is nothing to cancel.`);
  if (!yes && !(await confirm("Cancel it?"))) throw new CommandError("Nothing was cancelled.");
  const mpa = await aws.mpa(regionOf(arn));
  const { CancelSessionCommand } = loadMpa();
  const command = new CancelSessionCommand({ SessionArn: arn });
  await call("mpa:CancelSession", "the session", () => mpa.send(command));
  print("Cancelled.");
}
