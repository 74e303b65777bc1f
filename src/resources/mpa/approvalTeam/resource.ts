import type * as pulumi from "@pulumi/pulumi";
import { dynamicResource, type ResourceArgs } from "../../../program/dynamicResource";
import type { ArgsOf, OutputsOf } from "../../../program/types";
import { type approvalStrategy, approvalTeam, type approver, type mOfN, type policy } from "./properties";

/** Arguments of an {@link ApprovalTeam}. */
export interface ApprovalTeamArgs extends ResourceArgs<typeof approvalTeam> {}

/** Outputs of an {@link ApprovalTeam}. */
export interface ApprovalTeamOutputs extends OutputsOf<typeof approvalTeam> {}

/** A member of a team. */
export interface Approver extends ArgsOf<typeof approver> {}

/** How a team decides. */
export interface ApprovalStrategy extends ArgsOf<typeof approvalStrategy> {}

/** The strategy that a number of members decides. */
export interface MofNApprovalStrategy extends ArgsOf<typeof mOfN> {}

/** A policy that a team works with. */
export interface PolicyReference extends ArgsOf<typeof policy> {}

/**
 * A team of people who vote on protected operations.
 *
 * `pulumi up` creates it and waits until AWS has validated it, but not until people have accepted their invitations,
 * for which they have 24 hours. A change of an ACTIVE team opens a session in which its members can vote for 24 hours.
 * During that time, `pendingUpdate` shows the change, and it is not requested again. A change that they did not approve
 * is not requested again either, and `up` fails until the program specifies something else or another `generation`. The
 * deletion of an ACTIVE team needs their votes, too; the option `protect` prevents an accidental deletion. A change of
 * name or policies replaces the team.
 *
 * Source: `mpa:CreateApprovalTeam`, `GetApprovalTeam`, `UpdateApprovalTeam`, `StartActiveApprovalTeamDeletion`,
 * `DeleteInactiveApprovalTeamVersion`, `TagResource`, `UntagResource`, `ListTagsForResource`.
 *
 * @example
 * import { mpa } from "pulumi-aws-approvals";
 *
 * const people = "arn:aws:mpa:us-east-1:000000000000:identity-source/IamIdentityCenter";
 * const team = new mpa.ApprovalTeam("restores", {
 *   description: "Decides who may restore the backups",
 *   approvalStrategy: { mOfN: { minApprovalsRequired: 2 } },
 *   approvers: ["alice", "bob", "carol"].map((user) => ({ primaryIdentityId: user, primaryIdentitySourceArn: people })),
 *   policies: [{ policyArn: "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT" }],
 * }, { protect: true });
 * export const teamArn = team.arn;
 */
export class ApprovalTeam extends dynamicResource<ApprovalTeamArgs, ApprovalTeamOutputs>(approvalTeam) {
  /**
   * Refers to an approval team that this stack does not manage. It is read, and never changed or deleted.
   * @throws at preview and up when it does not exist
   */
  static get(name: string, arn: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ApprovalTeam {
    return new ApprovalTeam(name, undefined, { ...opts, id: arn });
  }
}
