import type * as pulumi from "@pulumi/pulumi";
import type { ArgsOf } from "../../program/types";
import { type InvokeOptions, invoke } from "../invoke";
import type { GetIdentitySourceResult } from "./findIdentitySources";
import type * as declared from "./properties";

export type { GetIdentitySourceResult } from "./findIdentitySources";

/** Arguments of {@link getIdentitySource}. */
export interface GetIdentitySourceArgs extends ArgsOf<typeof declared.getIdentitySource.inputs> {}

/** Arguments of {@link getIdentitySources}. */
export interface GetIdentitySourcesArgs extends ArgsOf<typeof declared.getIdentitySources.inputs> {}

/**
 * An identity source that may be another stack's. `IdentitySource.get` refers to it as a resource.
 *
 * Source: `mpa:GetIdentitySource`.
 * @throws when there is no such source
 *
 * @example
 * import * as pulumi from "@pulumi/pulumi";
 * import { mpa } from "pulumi-aws-approvals";
 *
 * const config = new pulumi.Config();
 * export const portal = mpa.getIdentitySource({ arn: config.require("sourceArn") }).approvalPortalUrl;
 */
export function getIdentitySource(
  args: GetIdentitySourceArgs,
  options: InvokeOptions = {},
): pulumi.Output<GetIdentitySourceResult> {
  return invoke("getIdentitySource", args, options);
}

/**
 * The identity sources of the account: one, or none.
 *
 * Source: `mpa:ListIdentitySources`.
 *
 * @example
 * import { mpa } from "pulumi-aws-approvals";
 *
 * export const isConnected = mpa.getIdentitySources().apply((sources) => sources.length > 0);
 */
export function getIdentitySources(
  args: GetIdentitySourcesArgs = {},
  options: InvokeOptions = {},
): pulumi.Output<GetIdentitySourceResult[]> {
  return invoke("getIdentitySources", args, options).apply(({ identitySources }) => identitySources);
}
