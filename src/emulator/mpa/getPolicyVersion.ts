import { operation } from "../operation";
import { structure } from "../shapes";
import { findPolicyVersion, flattenVersion, qualifiedPolicyArn } from "./policies";

export const getPolicyVersion = operation(
  {
    name: "GetPolicyVersion",
    route: { method: "GET", path: "/policy-versions/{PolicyVersionArn}" },
    input: structure({ PolicyVersionArn: qualifiedPolicyArn }, ["PolicyVersionArn"]),
  },
  (given) => {
    const { policy, version } = findPolicyVersion(given.PolicyVersionArn);
    const Document = policy.documents[version - 1];
    return { PolicyVersion: { ...flattenVersion(policy, version), Document } };
  },
);
