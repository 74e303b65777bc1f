import type * as pulumi from "@pulumi/pulumi";
import type { ApproverArgs } from "../functions/mpa/approver";
import type { ApproverResult } from "../functions/mpa/findApprover";
import type { GetIdentitySourceResult } from "../functions/mpa/findIdentitySources";
import type { Policy } from "../functions/mpa/findPolicies";
import type { GetSessionResult, SessionSummary } from "../functions/mpa/findSessions";
import type { ApprovalTeamSummary, GetApprovalTeamResult } from "../functions/mpa/findTeams";
import type { GetIdentitySourceArgs, GetIdentitySourcesArgs } from "../functions/mpa/identitySources";
import type { ListPoliciesArgs } from "../functions/mpa/policies";
import * as declared from "../functions/mpa/properties";
import type { GetSessionArgs, ListSessionsArgs } from "../functions/mpa/sessions";
import type { GetApprovalTeamArgs, GetApprovalTeamsArgs } from "../functions/mpa/teams";
import { approvalTeam } from "../resources/mpa/approvalTeam/properties";
import type { ApprovalTeamOutputs } from "../resources/mpa/approvalTeam/resource";
import { identitySource } from "../resources/mpa/identitySource/properties";
import type { IdentitySourceOutputs } from "../resources/mpa/identitySource/resource";
import { invoke, invokeList } from "./invoke";
import { pluginResource, type ResourceArgs } from "./pluginResource";

export type { ApproverArgs, ApproverResult } from "../functions/mpa/approver";
export type {
  GetIdentitySourceArgs,
  GetIdentitySourceResult,
  GetIdentitySourcesArgs,
} from "../functions/mpa/identitySources";
export type { ListPoliciesArgs, Policy, PolicyVersion } from "../functions/mpa/policies";
export type {
  ApproverResponse,
  GetSessionArgs,
  GetSessionResult,
  ListSessionsArgs,
  SessionFilter,
  SessionSummary,
} from "../functions/mpa/sessions";
export type {
  ApprovalTeamSummary,
  GetApprovalTeamArgs,
  GetApprovalTeamResult,
  GetApprovalTeamsArgs,
} from "../functions/mpa/teams";
export type {
  ApprovalStrategy,
  Approver,
  MofNApprovalStrategy,
  PolicyReference,
} from "../resources/mpa/approvalTeam/resource";
export type { IamIdentityCenter } from "../resources/mpa/identitySource/resource";

/** Arguments of an {@link ApprovalTeam}. How long to wait for AWS and for people, the option `customTimeouts` says. */
export interface ApprovalTeamArgs extends ResourceArgs<typeof approvalTeam> {}

/**
 * A team of people whose votes protected operations need, made by the plugin. It is the `mpa.ApprovalTeam` of
 * `pulumi-aws-approvals` in all that it does, and can be imported: `{ import: arn }`.
 */
export class ApprovalTeam extends pluginResource<ApprovalTeamArgs, ApprovalTeamOutputs>(approvalTeam) {
  /**
   * Refers to an approval team that this stack does not manage. It is read, and never changed or deleted.
   * @throws at preview and up when it does not exist
   */
  static get(name: string, arn: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ApprovalTeam {
    return new ApprovalTeam(name, undefined, { ...opts, id: arn });
  }
}

/** Arguments of an {@link IdentitySource}. How long to wait for AWS, the option `customTimeouts` says. */
export interface IdentitySourceArgs extends ResourceArgs<typeof identitySource> {}

/**
 * The connection of an organization's IAM Identity Center to Multi-party approval, made by the plugin. It is the
 * `mpa.IdentitySource` of `pulumi-aws-approvals` in all that it does, and can be imported: `{ import: arn }`.
 */
export class IdentitySource extends pluginResource<IdentitySourceArgs, IdentitySourceOutputs>(
  identitySource,
) {
  /**
   * Refers to an identity source that this stack does not manage. It is read, and never changed or deleted.
   * @throws at preview and up when it does not exist
   */
  static get(
    name: string,
    arn: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): IdentitySource {
    return new IdentitySource(name, undefined, { ...opts, id: arn });
  }
}

/**
 * Finds a person for the `approvers` of an approval team: teams know people by ids that nobody knows by heart. Give either
 * `userName` or `email`.
 * @throws when there is no such user, or the account has no identity source
 */
export const approver = (
  args: ApproverArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<ApproverResult> => invoke(declared.approver, args, opts);

/**
 * An identity source that may be another stack's. `IdentitySource.get` refers to it as a resource.
 * @throws when there is no such source
 */
export const getIdentitySource = (
  args: GetIdentitySourceArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetIdentitySourceResult> => invoke(declared.getIdentitySource, args, opts);

/** The identity sources of the account: one, or none. */
export const getIdentitySources = (
  args: GetIdentitySourcesArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetIdentitySourceResult[]> => invokeList(declared.getIdentitySources, args, opts);

/**
 * An approval team that may be another stack's: its members with their answers, and what is pending in which session.
 * `ApprovalTeam.get` refers to it as a resource.
 * @throws when there is no such team
 */
export const getApprovalTeam = (
  args: GetApprovalTeamArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetApprovalTeamResult> => invoke(declared.getApprovalTeam, args, opts);

/** The approval teams of the account, without their members. */
export const getApprovalTeams = (
  args: GetApprovalTeamsArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<ApprovalTeamSummary[]> => invokeList(declared.getApprovalTeams, args, opts);

/** The policies that approval teams can have, with their versions. */
export const listPolicies = (
  args: ListPoliciesArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<Policy[]> => invokeList(declared.listPolicies, args, opts);

/**
 * A session, and who voted what.
 * @throws when there is no such session
 */
export const getSession = (
  args: GetSessionArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetSessionResult> => invoke(declared.getSession, args, opts);

/**
 * The sessions of a team, newest first, those that have ended too.
 * @throws when there is no such team
 */
export const listSessions = (
  args: ListSessionsArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<SessionSummary[]> => invokeList(declared.listSessions, args, opts);
