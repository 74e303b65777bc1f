import type { Command } from "commander";
import type { GetSessionResult } from "../../functions/mpa/findSessions";
import { CommandError } from "../exitCodes";
import { type AwsOptions, type StackOptions, teamArn, withAwsOptions, withStackOptions } from "../options";
import { formatUtc, print, printable, printJson, wrap } from "../output";

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
      "Shows the sessions of approval teams that wait for votes: what they are about, who has not answered, and until " +
        "when. Without --team it asks for every team of the stack.\n\n" +
        "  aws-approvals sessions --stack dev",
    )
    .option("--team <arn>", "the ARN of an approval team", teamArn)
    .option("--all", "sessions that have ended, too");
  withAwsOptions(withStackOptions(command)).option("--json", "print them as JSON").action(sessions);
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

/** What a session is about, who has answered how, and until when. */
export function describeSession(session: GetSessionResult): string {
  const { approvalTeamName, description, actionName, status, statusCode, expirationTime } = session;
  const people = (response: string) =>
    session.approverResponses
      .filter((one) => one.response === response)
      .map(({ identityId = "somebody" }) => identityId)
      .join(", ") || "nobody";
  const needed = session.approvalStrategy?.mOfN.minApprovalsRequired;
  const quorum = needed === undefined ? "" : `; ${needed} must approve`;
  const until =
    status === "PENDING" && expirationTime ? `, until ${formatUtc(new Date(expirationTime))}` : "";
  return [
    wrap(printable(`${approvalTeamName}: ${description ?? actionName ?? "a session"}`)),
    `  ${printable(status)}${statusCode ? ` (${printable(statusCode)})` : ""}${until}`,
    wrap(printable(`approved: ${people("APPROVED")}; rejected: ${people("REJECTED")}`), "  "),
    wrap(printable(`has not answered: ${people("NO_RESPONSE")}${quorum}`), "  "),
    `  ${printable(session.sessionArn)}`,
  ].join("\n");
}
