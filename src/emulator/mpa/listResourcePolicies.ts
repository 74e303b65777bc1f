import { operation } from "../operation";
import { pageOf } from "../page";
import { string, structure } from "../shapes";
import { PAGE, PAGE_QUERY } from "./page";
import { policiesOfTeam } from "./resourcePolicies";

export const listResourcePolicies = operation(
  {
    name: "ListResourcePolicies",
    route: {
      method: "POST",
      path: "/resource-policies/{ResourceArn}/",
      flag: "List",
      query: PAGE_QUERY,
    },
    input: structure({ ResourceArn: string({ max: 1000 }), ...PAGE }, ["ResourceArn"]),
  },
  (given, { caller, cloud }) => {
    const { items, nextToken } = pageOf(policiesOfTeam(cloud.mpa.findTeam(given.ResourceArn, caller)), given);
    return {
      NextToken: nextToken,
      ResourcePolicies: items.map(({ arn, name, type }) => ({
        PolicyArn: arn,
        PolicyType: type,
        PolicyName: name,
      })),
    };
  },
);
