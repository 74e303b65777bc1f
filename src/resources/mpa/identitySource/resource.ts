import type * as pulumi from "@pulumi/pulumi";
import { dynamicResource, type ResourceArgs } from "../../../program/dynamicResource";
import type { ArgsOf, OutputsOf } from "../../../program/types";
import { type iamIdentityCenter, identitySource } from "./properties";

/** Arguments of an {@link IdentitySource}. */
export interface IdentitySourceArgs extends ResourceArgs<typeof identitySource> {}

/** Outputs of an {@link IdentitySource}. */
export interface IdentitySourceOutputs extends OutputsOf<typeof identitySource> {}

/** An instance of IAM Identity Center. It must be an organization instance. */
export interface IamIdentityCenter extends ArgsOf<typeof iamIdentityCenter> {}

/**
 * The connection of an organization's IAM Identity Center to Multi-party approval: the users of that instance can then
 * be approvers. An account has at most one.
 *
 * `pulumi up` waits until it is ACTIVE. Changed tags are updated in place; a changed instance or region deletes the
 * source and creates another. Delete waits until the source is deleted, and fails while approval teams use it. `pulumi
 * up` fails if the account already has a source, or if the source ends in ERROR.
 *
 * Source: `mpa:CreateIdentitySource`, `GetIdentitySource`, `DeleteIdentitySource`, `TagResource`, `UntagResource`,
 * `ListTagsForResource`.
 *
 * @example
 * import { mpa } from "pulumi-aws-approvals";
 *
 * const source = new mpa.IdentitySource("people", {
 *   iamIdentityCenter: { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "eu-west-1" },
 * });
 * export const portal = source.approvalPortalUrl;
 */
export class IdentitySource extends dynamicResource<IdentitySourceArgs, IdentitySourceOutputs>(
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
