import { operation } from "../operation";
import { structure } from "../shapes";
import { PAGE, pageOf } from "./page";
import { findPolicy, flattenVersion, unqualifiedPolicyArn } from "./policies";

export const listPolicyVersions = operation(
  {
    name: "ListPolicyVersions",
    route: {
      method: "POST",
      path: "/policies/{PolicyArn}/",
      flag: "List",
      query: ["MaxResults", "NextToken"],
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
