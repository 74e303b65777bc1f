import { operation } from "../operation";
import { structure } from "../shapes";
import { approvalTeamArn, flattenTeam } from "./approvalTeam";

export const getApprovalTeam = operation(
  {
    name: "GetApprovalTeam",
    route: { method: "GET", path: "/approval-teams/{Arn}" },
    input: structure({ Arn: approvalTeamArn }, ["Arn"]),
  },
  (given, { caller, cloud }) => flattenTeam(cloud.mpa.findTeam(given.Arn, caller)),
);
