import type * as pulumi from "@pulumi/pulumi";
import { type InvokeOptions, invoke } from "../invoke";
import { type ApprovalTeamSummary, findTeam, findTeams, type GetApprovalTeamResult } from "./findTeams";

export type { ApprovalTeamSummary, GetApprovalTeamResult } from "./findTeams";

/** Arguments of {@link getApprovalTeam}. */
export interface GetApprovalTeamArgs {
  /** The ARN of the team. */
  arn: pulumi.Input<string>;
}

/** Arguments of {@link getApprovalTeams}. */
export interface GetApprovalTeamsArgs {
  /** The region of Multi-party approval. Default: that of the configured partition. */
  region?: pulumi.Input<string>;
}

/**
 * An approval team that may be another stack's: its members with their answers, and what is pending in which session.
 * `ApprovalTeam.get` refers to it as a resource.
 *
 * Source: `mpa:GetApprovalTeam`.
 * @throws when there is no such team
 */
export function getApprovalTeam(
  args: GetApprovalTeamArgs,
  options: InvokeOptions = {},
): pulumi.Output<GetApprovalTeamResult> {
  return invoke("mpa.getApprovalTeam", args, options, (known, clients) => findTeam(known.arn, clients));
}

/**
 * The approval teams of the account.
 *
 * Source: `mpa:ListApprovalTeams`.
 */
export function getApprovalTeams(
  args: GetApprovalTeamsArgs = {},
  options: InvokeOptions = {},
): pulumi.Output<ApprovalTeamSummary[]> {
  return invoke("mpa.getApprovalTeams", args, options, (known, clients) => findTeams(known.region, clients));
}
