import { operation } from "../operation";
import { pageOf } from "../page";
import { structure } from "../shapes";
import { flattenSummary } from "./approvalTeam";
import { PAGE, PAGE_QUERY } from "./page";

export const listApprovalTeams = operation(
  {
    name: "ListApprovalTeams",
    route: { method: "POST", path: "/approval-teams/", flag: "List", query: PAGE_QUERY },
    input: structure(PAGE, []),
  },
  (given, { caller, cloud }) => {
    const { items, nextToken } = pageOf(cloud.mpa.teamsOf(caller.account), given);
    return { NextToken: nextToken, ApprovalTeams: items.map(flattenSummary) };
  },
);
