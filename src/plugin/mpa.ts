import type * as pulumi from "@pulumi/pulumi";
import { approvalTeam } from "../resources/mpa/approvalTeam/properties";
import type { ApprovalTeamOutputs } from "../resources/mpa/approvalTeam/resource";
import { identitySource } from "../resources/mpa/identitySource/properties";
import type { IdentitySourceOutputs } from "../resources/mpa/identitySource/resource";
import { pluginResource, type ResourceArgs } from "./pluginResource";

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
