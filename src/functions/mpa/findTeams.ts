import type { AwsClients } from "../../aws/clients";
import { call } from "../../aws/errors";
import { loadMpa } from "../../aws/mpa";
import type { ValuesOf } from "../../provider/properties";
import { flatten } from "../../provider/wire";
import { approvalTeam } from "../../resources/mpa/approvalTeam/properties";
import { regionOf } from "../../resources/mpa/ownership";
import { pagesOf } from "./pages";

const { ownershipId, unmanagedTags, region, ...shown } = approvalTeam.outputs;
const { description, approvalStrategy, policies } = approvalTeam.inputs;
const result = { ...shown, description, approvalStrategy, policies } as const;

const { arn, name, status, statusCode, statusMessage, numberOfApprovers, creationTime } = shown;
const summary = {
  ...{ arn, name, status, statusCode, statusMessage, numberOfApprovers, creationTime },
  ...{ description, approvalStrategy },
} as const;

/** An approval team in AWS. */
export interface GetApprovalTeamResult extends ValuesOf<typeof result> {}

/** An approval team as `mpa.getApprovalTeams` shows it: without its members. */
export interface ApprovalTeamSummary extends ValuesOf<typeof summary> {}

/** @throws OperationError */
export async function findTeam(teamArn: string, clients: AwsClients): Promise<GetApprovalTeamResult> {
  const { GetApprovalTeamCommand } = loadMpa();
  const mpa = await clients.mpa(regionOf(teamArn) || undefined);
  const command = new GetApprovalTeamCommand({ Arn: teamArn });
  const found = await call("mpa:GetApprovalTeam", `team ${teamArn}`, () => mpa.send(command));
  return flatten(result, found) as GetApprovalTeamResult;
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
  return found.map((one) => flatten(summary, one) as ApprovalTeamSummary);
}
