import type * as pulumi from "@pulumi/pulumi";
import type { AwsClients } from "../../aws/clients";
import { call } from "../../aws/errors";
import type { Properties, ValuesOf } from "../../provider/properties";
import { flatten } from "../../provider/wire";
import { type InvokeOptions, invoke } from "../invoke";
import { pagesOf } from "./pages";

const version = {
  /** The ARN of this version, which a team can have. */
  arn: { type: "string" },
  /** The number of the version. */
  versionId: { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER, unit: "" },
  /** Whether `$DEFAULT` is this version. */
  isDefault: { type: "boolean" },
  /** Whether a team can still get it, `ATTACHABLE`, or no longer, `DEPRECATED`. */
  status: { type: "string" },
  /** When the version was made, ISO 8601. */
  creationTime: { type: "string" },
  /** When the version was last changed, ISO 8601. */
  lastUpdatedTime: { type: "string" },
} as const satisfies Properties;

const policy = {
  /** The ARN without a version, which a team cannot have. */
  arn: { type: "string" },
  /** For example `CreateRestoreAccessVault`. */
  name: { type: "string" },
  /** Whether AWS made it, `AWS_MANAGED`, or another account shares it, `AWS_RAM`. */
  policyType: { type: "string" },
  /** The version that `$DEFAULT` is. */
  defaultVersion: { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER, unit: "" },
} as const satisfies Properties;

/** A version of a policy. */
export interface PolicyVersion extends ValuesOf<typeof version> {}

/** A policy that a team can have: it says which operations the team decides about. */
export interface Policy extends ValuesOf<typeof policy> {
  /** The ARN that a team follows the default version with: `…/$DEFAULT`. */
  defaultArn: string;
  /** All versions. */
  versions: PolicyVersion[];
}

/** Arguments of {@link listPolicies}. */
export interface ListPoliciesArgs {
  /** The region of Multi-party approval. Default: that of the configured partition. */
  region?: pulumi.Input<string>;
}

/**
 * The policies that approval teams can have, with their versions.
 *
 * Source: `mpa:ListPolicies`, `ListPolicyVersions`.
 *
 * @example
 * const restores = mpa.listPolicies().apply((policies) =>
 *   policies.filter(({ name }) => name === "CreateRestoreAccessVault").map(({ defaultArn }) => ({ policyArn: defaultArn })));
 */
export function listPolicies(
  args: ListPoliciesArgs = {},
  options: InvokeOptions = {},
): pulumi.Output<Policy[]> {
  return invoke("mpa.listPolicies", args, options, findPolicies);
}

async function findPolicies({ region }: { region?: string }, clients: AwsClients): Promise<Policy[]> {
  const { loadMpa } = await import("../../aws/mpa");
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
        ...(flatten(policy, found) as ValuesOf<typeof policy>),
        defaultArn: `${found.Arn}/$DEFAULT`,
        versions: versions.map((one) => flatten(version, one) as PolicyVersion),
      };
    }),
  );
}
