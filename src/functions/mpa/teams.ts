import type * as pulumi from "@pulumi/pulumi";
import type { ArgsOf } from "../../program/types";
import { type InvokeOptions, invoke } from "../invoke";
import type { ApprovalTeamSummary, GetApprovalTeamResult } from "./findTeams";
import type * as declared from "./properties";

export type { ApprovalTeamSummary, GetApprovalTeamResult } from "./findTeams";

/** Arguments of {@link getApprovalTeam}. */
export interface GetApprovalTeamArgs extends ArgsOf<typeof declared.getApprovalTeam.inputs> {}

/** Arguments of {@link getApprovalTeams}. */
export interface GetApprovalTeamsArgs extends ArgsOf<typeof declared.getApprovalTeams.inputs> {}

/**
 * An approval team that may be another stack's: its members with their answers, and what is pending in which session.
 * `ApprovalTeam.get` refers to it as a resource.
 *
 * Source: `mpa:GetApprovalTeam`.
 * @throws when there is no such team
 *
 * @example
 * import * as pulumi from "@pulumi/pulumi";
 * import { mpa } from "pulumi-aws-approvals";
 *
 * const config = new pulumi.Config();
 * export const members = mpa.getApprovalTeam({ arn: config.require("teamArn") }).approvers;
 */
export function getApprovalTeam(
  args: GetApprovalTeamArgs,
  options: InvokeOptions = {},
): pulumi.Output<GetApprovalTeamResult> {
  return invoke("getApprovalTeam", args, options);
}

/**
 * The approval teams of the account.
 *
 * Source: `mpa:ListApprovalTeams`.
 *
 * @example
 * import { mpa } from "pulumi-aws-approvals";
 *
 * export const names = mpa.getApprovalTeams().apply((teams) => teams.map(({ name }) => name));
 */
export function getApprovalTeams(
  args: GetApprovalTeamsArgs = {},
  options: InvokeOptions = {},
): pulumi.Output<ApprovalTeamSummary[]> {
  return invoke("getApprovalTeams", args, options).apply(({ approvalTeams }) => approvalTeams);
}
