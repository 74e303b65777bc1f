import { operation } from "../operation";
import { pageOf } from "../page";
import { structure } from "../shapes";
import { PAGE, PAGE_QUERY } from "./page";
import { findPolicy, flattenVersion, unqualifiedPolicyArn } from "./policies";

export const listPolicyVersions = operation(
  {
    name: "ListPolicyVersions",
    route: {
      method: "POST",
      path: "/policies/{PolicyArn}/",
      flag: "List",
      query: PAGE_QUERY,
    },
    input: structure({ PolicyArn: unqualifiedPolicyArn, ...PAGE }, ["PolicyArn"]),
  },
  (given) => {
    const policy = findPolicy(given.PolicyArn);
    const versions = policy.documents.map((_, index) => flattenVersion(policy, index + 1));
    const { items, nextToken } = pageOf(versions, given);
    return { NextToken: nextToken, PolicyVersions: items };
  },
);
