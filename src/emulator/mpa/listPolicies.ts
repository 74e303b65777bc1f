import { operation } from "../operation";
import { pageOf } from "../page";
import { structure } from "../shapes";
import { PAGE, PAGE_QUERY } from "./page";
import { defaultVersion, MANAGED_POLICIES } from "./policies";

export const listPolicies = operation(
  {
    name: "ListPolicies",
    route: { method: "POST", path: "/policies/", flag: "List", query: PAGE_QUERY },
    input: structure(PAGE, []),
  },
  (given) => {
    const { items, nextToken } = pageOf(MANAGED_POLICIES, given);
    return {
      NextToken: nextToken,
      Policies: items.map((policy) => ({
        Arn: policy.arn,
        DefaultVersion: defaultVersion(policy),
        PolicyType: "AWS_MANAGED",
        Name: policy.name,
      })),
    };
  },
);
