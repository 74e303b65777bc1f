import type { Command } from "commander";
import { describeSession } from "../describeSession";
import { CommandError } from "../exitCodes";
import { type AwsOptions, type StackOptions, teamArn, withAwsOptions, withStackOptions } from "../options";
import { print, printJson } from "../output";

interface SessionsOptions extends AwsOptions, StackOptions {
  team?: string;
  all?: true;
  json?: true;
}

export function addSessions(program: Command): void {
  const command = program
    .command("sessions")
    .summary("show what approval teams vote on")
    .description(
      "Shows what approval teams vote on: the subject of each session, who has voted how, who has not, and " +
        "until when. Without --team it shows the sessions of every team in the stack.\n\n  aws-approvals " +
        "sessions --stack dev",
    )
    .option("--team <arn>", "the approval team to ask about", teamArn)
    .option("--all", "show sessions that have ended, too");
  withAwsOptions(withStackOptions(command)).option("--json", "print JSON instead of text").action(sessions);
}

async function sessions({ team, all, json, ...options }: SessionsOptions): Promise<void> {
  const [{ clientsFor }, { findAllSessions, findPendingSessions }] = await Promise.all([
    import("../aws"),
    import("../pendingSessions"),
  ]);
  const aws = clientsFor(options);
  const teams = team === undefined ? await teamsOf(options) : [team];
  const find = all ? findAllSessions : findPendingSessions;
  const found = (await Promise.all(teams.map((arn) => find(arn, aws)))).flat();
  if (json) return printJson({ sessions: found });
  if (found.length === 0) return print(all ? "There are no sessions." : "No session waits for votes.");
  for (const session of found) print(describeSession(session));
}

/** The teams of the stack. */
async function teamsOf(options: StackOptions): Promise<string[]> {
  const { Stack, TYPES } = await import("../stack");
  const stack = await Stack.load(options);
  const arns = stack.approvalTeams();
  if (arns.length === 0)
    throw new CommandError(`The stack has no approval teams (${TYPES.approvalTeam}). Give --team ARN.`);
  return arns;
}
