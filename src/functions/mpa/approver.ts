import * as pulumi from "@pulumi/pulumi";
import type { ArgsOf } from "../../program/types";
import { type InvokeOptions, invoke } from "../invoke";
import type { ApproverResult } from "./findApprover";
import { NAMES_ONE, namesOne } from "./namesOne";
import type * as declared from "./properties";

export type { ApproverResult } from "./findApprover";

/** Arguments of {@link approver}: either `userName` or `email`. */
export interface ApproverArgs extends ArgsOf<typeof declared.approver.inputs> {}

/**
 * Finds a person for the `approvers` of an approval team: teams know people by ids that nobody knows by heart.
 *
 * Source: `identitystore:GetUserId`; `mpa:ListIdentitySources` without `identitySourceArn`, and `GetIdentitySource` with it
 * and without `region`.
 * @throws when there is no such user, or the account has no identity source
 *
 * @example
 * import * as aws from "@pulumi/aws";
 * import { mpa } from "pulumi-aws-approvals";
 *
 * const identityStoreId = aws.ssoadmin.getInstancesOutput().identityStoreIds[0];
 * const team = new mpa.ApprovalTeam("restores", {
 *   description: "Decides who may restore the backups",
 *   approvalStrategy: { mOfN: { minApprovalsRequired: 2 } },
 *   approvers: ["alice", "bob", "carol"].map((userName) => mpa.approver({ userName, identityStoreId })),
 *   policies: [{ policyArn: "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT" }],
 * });
 * export const teamArn = team.arn;
 */
export function approver(args: ApproverArgs, options: InvokeOptions = {}): pulumi.Output<ApproverResult> {
  if (!namesOne(args)) throw new pulumi.RunError(`mpa.approver: ${NAMES_ONE}`);
  return invoke("approver", args, options);
}
