import { regionOf } from "../../aws/arn";
import type { AwsClients } from "../../aws/clients";
import { call } from "../../aws/errors";
import { loadMpa } from "../../aws/mpa";
import { pagesOf } from "../../aws/pages";
import type { ValuesOf } from "../../declaration/properties";
import { flatten } from "../../declaration/wire";
import { getApprovalTeam, teamSummary } from "./properties";

/** An approval team in AWS. */
export interface GetApprovalTeamResult extends ValuesOf<typeof getApprovalTeam.outputs> {}

/** An approval team as `mpa.getApprovalTeams` shows it: without its members. */
export interface ApprovalTeamSummary extends ValuesOf<typeof teamSummary> {}

/** @throws OperationError */
export async function findTeam(teamArn: string, clients: AwsClients): Promise<GetApprovalTeamResult> {
  const { GetApprovalTeamCommand } = loadMpa();
  const mpa = await clients.mpa(regionOf(teamArn));
  const command = new GetApprovalTeamCommand({ Arn: teamArn });
  const found = await call("mpa:GetApprovalTeam", `team ${teamArn}`, () => mpa.send(command));
  return flatten(getApprovalTeam.outputs, found) as GetApprovalTeamResult;
}

/** @throws OperationError */
export async function findTeams(
  inRegion: string | undefined,
  clients: AwsClients,
): Promise<ApprovalTeamSummary[]> {
  const { ListApprovalTeamsCommand } = loadMpa();
  const mpa = await clients.mpa(inRegion);
  const found = await pagesOf(async (NextToken) => {
    const command = new ListApprovalTeamsCommand({ NextToken });
    const answer = await call("mpa:ListApprovalTeams", "the account", () => mpa.send(command));
    return { items: answer.ApprovalTeams, NextToken: answer.NextToken };
  });
  return found.map((one) => flatten(teamSummary, one) as ApprovalTeamSummary);
}
