import type { ApprovalTeam } from "./approvalTeam";

/** A policy that is attached to a resource. */
interface ResourcePolicy {
  readonly arn: string;
  readonly versionArn: string;
  readonly name: string;
  readonly type: "AWS_MANAGED";
}

/** The policies that a team was created with. Those of shares by AWS RAM are not emulated. */
export const policiesOfTeam = ({ policies }: ApprovalTeam): readonly ResourcePolicy[] =>
  policies.map((versionArn) => {
    const arn = versionArn.slice(0, versionArn.lastIndexOf("/"));
    return { arn, versionArn, name: arn.slice(arn.lastIndexOf("/") + 1), type: "AWS_MANAGED" };
  });
