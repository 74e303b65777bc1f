import type * as pulumi from "@pulumi/pulumi";
import type { ArgsOf } from "../../program/types";
import { type InvokeOptions, invoke } from "../invoke";
import type { Policy } from "./findPolicies";
import type * as declared from "./properties";

export type { Policy, PolicyVersion } from "./findPolicies";

/** Arguments of {@link listPolicies}. */
export interface ListPoliciesArgs extends ArgsOf<typeof declared.listPolicies.inputs> {}

/**
 * The policies that approval teams can have, with their versions.
 *
 * Source: `mpa:ListPolicies`, `ListPolicyVersions`.
 *
 * @example
 * import { mpa } from "pulumi-aws-approvals";
 *
 * export const restores = mpa.listPolicies().apply((policies) =>
 *   policies.filter(({ name }) => name === "CreateRestoreAccessVault").map(({ defaultArn }) => ({ policyArn: defaultArn })));
 */
export function listPolicies(
  args: ListPoliciesArgs = {},
  options: InvokeOptions = {},
): pulumi.Output<Policy[]> {
  return invoke("listPolicies", args, options).apply(({ policies }) => policies);
}
