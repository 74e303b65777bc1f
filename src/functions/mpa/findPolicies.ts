import type { AwsClients } from "../../aws/clients";
import { call } from "../../aws/errors";
import { loadMpa } from "../../aws/mpa";
import { pagesOf } from "../../aws/pages";
import type { ValuesOf } from "../../declaration/properties";
import { flatten } from "../../declaration/wire";
import { listedPolicy, type policy, policyVersion } from "./properties";

/** A version of a policy. */
export interface PolicyVersion extends ValuesOf<typeof policyVersion> {}

/** A policy that a team can have: it says which operations the team decides about. */
export interface Policy extends ValuesOf<typeof policy> {}

/** @throws OperationError */
export async function findPolicies(region: string | undefined, clients: AwsClients): Promise<Policy[]> {
  const { ListPoliciesCommand, ListPolicyVersionsCommand } = loadMpa();
  const mpa = await clients.mpa(region);
  const policies = await pagesOf(async (NextToken) => {
    const command = new ListPoliciesCommand({ NextToken });
    const answer = await call("mpa:ListPolicies", "the account", () => mpa.send(command));
    return { items: answer.Policies, NextToken: answer.NextToken };
  });
  return Promise.all(
    policies.map(async (found) => {
      const versions = await pagesOf(async (NextToken) => {
        const command = new ListPolicyVersionsCommand({ PolicyArn: found.Arn, NextToken });
        const answer = await call("mpa:ListPolicyVersions", `policy ${found.Arn}`, () => mpa.send(command));
        return { items: answer.PolicyVersions, NextToken: answer.NextToken };
      });
      return {
        ...(flatten(listedPolicy, found) as ValuesOf<typeof listedPolicy>),
        defaultArn: `${found.Arn}/$DEFAULT`,
        versions: versions.map((one) => flatten(policyVersion, one) as PolicyVersion),
      };
    }),
  );
}
