import * as pulumi from "@pulumi/pulumi";
import type { GetDelegatedAccessTokenArgs } from "../functions/sts/getDelegatedAccessToken";
import { getDelegatedAccessToken as declaration } from "../functions/sts/properties";
import type { DelegatedAccess } from "../functions/sts/tradeIn";
import { invoke } from "./invoke";

export type { GetDelegatedAccessTokenArgs } from "../functions/sts/getDelegatedAccessToken";
export type { DelegatedAccess } from "../functions/sts/tradeIn";

/**
 * Trades the token of an approved delegation request in for temporary credentials, by the plugin: with the configuration
 * of the stack, or of the given provider. Everything else is as with the function of `pulumi-aws-approvals`.
 * @throws when the token has expired, is not one, or was made for another account
 */
export function getDelegatedAccessToken(
  args: GetDelegatedAccessTokenArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<DelegatedAccess> {
  const tradeInToken = pulumi.secret(args.tradeInToken);
  return pulumi.secret(invoke(declaration, { tradeInToken }, opts));
}
