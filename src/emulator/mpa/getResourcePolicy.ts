import { operation } from "../operation";
import { string, structure } from "../shapes";
import { notFound } from "./errors";
import { findPolicyVersion } from "./policies";
import { policiesOfTeam } from "./resourcePolicies";

export const getResourcePolicy = operation(
  {
    name: "GetResourcePolicy",
    route: { method: "POST", path: "/GetResourcePolicy" },
    input: structure(
      {
        ResourceArn: string({ max: 1000 }),
        PolicyName: string({ max: 1000 }),
        PolicyType: string({ enum: ["AWS_MANAGED", "AWS_RAM"] }),
      },
      ["ResourceArn", "PolicyName", "PolicyType"],
    ),
  },
  ({ ResourceArn, PolicyName, PolicyType }, { caller, cloud }) => {
    const attached = policiesOfTeam(cloud.mpa.findTeam(ResourceArn, caller)).find(
      ({ name }) => name === PolicyName,
    );
    if (attached === undefined) throw notFound(`${ResourceArn} ${PolicyType} ${PolicyName}`);
    const { policy, version } = findPolicyVersion(attached.versionArn);
    return {
      ResourceArn,
      PolicyType,
      PolicyName,
      PolicyVersionArn: `${policy.arn}/${version}`,
      PolicyDocument: policy.documents[version - 1],
    };
  },
);
