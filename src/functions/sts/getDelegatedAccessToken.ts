import * as pulumi from "@pulumi/pulumi";
import type { Provider } from "../../program/provider";
import type { ArgsOf } from "../../program/types";
import { invoke } from "../invoke";
import type { getDelegatedAccessToken as declaration } from "./properties";
import type { DelegatedAccess } from "./tradeIn";

/** Arguments of {@link getDelegatedAccessToken}. */
export interface GetDelegatedAccessTokenArgs extends ArgsOf<typeof declaration.inputs> {}

/** Options of {@link getDelegatedAccessToken}. */
export interface GetDelegatedAccessTokenOptions {
  /** The account that made the request, when it is not the one of the stack's configuration. */
  provider?: Provider;
}

/**
 * Trades the token of an approved delegation request in for temporary credentials. A token can be used any number of
 * times until the access ends, and only from the account that made the request. Runs at preview too, when the token is
 * known.
 *
 * The whole result is secret. Pass it to a provider only (`new aws.Provider`): Pulumi keeps a provider's inputs in the
 * state, encrypted.
 *
 * Source: `sts:GetDelegatedAccessToken`.
 * @throws when the token has expired, is not one, or was made for another account
 *
 * @example
 * import * as aws from "@pulumi/aws";
 * import * as pulumi from "@pulumi/pulumi";
 * import { sts } from "pulumi-aws-approvals";
 *
 * const config = new pulumi.Config();
 * const access = sts.getDelegatedAccessToken({ tradeInToken: config.requireSecret("token") });
 * const customer = new aws.Provider("customer", {
 *   region: "us-east-1",
 *   accessKey: access.credentials.accessKeyId,
 *   secretKey: access.credentials.secretAccessKey,
 *   token: access.credentials.sessionToken,
 * });
 * export const buckets = aws.s3.getBucketOutput({ bucket: "logs" }, { provider: customer }).arn;
 */
export function getDelegatedAccessToken(
  args: GetDelegatedAccessTokenArgs,
  options: GetDelegatedAccessTokenOptions = {},
): pulumi.Output<DelegatedAccess> {
  return pulumi.secret(invoke("getDelegatedAccessToken", args, options));
}
