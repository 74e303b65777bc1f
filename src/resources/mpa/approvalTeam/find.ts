import { call, hasCode } from "../../../aws/errors";
import {
  type GetApprovalTeamCommandOutput,
  loadMpa,
  type MPAClient,
  type SessionSummary,
} from "../../../aws/mpa";
import { pagesOf } from "../../../aws/pages";
import type { Context } from "../../../provider/lifecycle";
import type { Marked } from "../ownership";
import { listTags, type Target } from "../tagging";

export type Team = GetApprovalTeamCommandOutput;

/** A team in AWS. */
export interface FoundTeam extends Marked {
  team: Team;
}

export const targetOf = (mpa: MPAClient, arn: string): Target => ({
  mpa,
  arn,
  resource: `ApprovalTeam ${arn}`,
});

export async function find(mpa: MPAClient, arn: string): Promise<Team | undefined> {
  const { GetApprovalTeamCommand } = loadMpa();
  const command = new GetApprovalTeamCommand({ Arn: arn });
  try {
    return await call("mpa:GetApprovalTeam", `ApprovalTeam ${arn}`, () => mpa.send(command));
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return undefined;
    throw error;
  }
}

export async function findWithTags(
  mpa: MPAClient,
  arn: string,
  context: Context,
): Promise<FoundTeam | undefined> {
  const team = await find(mpa, arn);
  if (!team) return undefined;
  return { arn, creationTime: team.CreationTime, team, tags: await listTags(targetOf(mpa, arn), context) };
}

export async function findByName(
  mpa: MPAClient,
  name: string,
  resource: string,
  context: Context,
): Promise<FoundTeam | undefined> {
  const { ListApprovalTeamsCommand } = loadMpa();
  const teams = await pagesOf(async (NextToken) => {
    const command = new ListApprovalTeamsCommand({ NextToken });
    const page = await call("mpa:ListApprovalTeams", resource, () => mpa.send(command));
    return { items: page.ApprovalTeams, NextToken: page.NextToken };
  });
  const arn = teams.find(({ Name }) => Name === name)?.Arn;
  return arn === undefined ? undefined : findWithTags(mpa, arn, context);
}

/** The newest session about the team's deletion; undefined also when the caller may not list sessions. */
export async function findDeletionSession(mpa: MPAClient, arn: string): Promise<SessionSummary | undefined> {
  const { ListSessionsCommand } = loadMpa();
  const since = ({ InitiationTime }: SessionSummary) => InitiationTime?.getTime() ?? 0;
  try {
    const sessions = await pagesOf(async (NextToken) => {
      const command = new ListSessionsCommand({ ApprovalTeamArn: arn, NextToken });
      const page = await call("mpa:ListSessions", `ApprovalTeam ${arn}`, () => mpa.send(command));
      return { items: page.Sessions, NextToken: page.NextToken };
    });
    return sessions
      .filter(({ ActionName = "" }) => /delet/i.test(ActionName))
      .sort((a, b) => since(b) - since(a))[0];
  } catch (error) {
    if (hasCode(error, "AccessDenied", "ResourceNotFound")) return undefined;
    throw error;
  }
}
