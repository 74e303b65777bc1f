import * as pulumi from "@pulumi/pulumi";
import type { StackConfiguration } from "../../aws/configuration";
import { systemClock } from "../../clock";
import { configurationOf, type Provider } from "../../program/provider";
import type { DelegatedAccess } from "./tradeIn";

/** Arguments of {@link getDelegatedAccessToken}. */
export interface GetDelegatedAccessTokenArgs {
  /** The `ExchangeToken` that arrived at the request's `notificationChannel`. A secret. */
  tradeInToken: pulumi.Input<string>;
}

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
 * const access = sts.getDelegatedAccessToken({ tradeInToken: config.requireSecret("token") });
 * const customer = new aws.Provider("customer", {
 *   region: "us-east-1",
 *   accessKey: access.credentials.accessKeyId,
 *   secretKey: access.credentials.secretAccessKey,
 *   token: access.credentials.sessionToken,
 * });
 */
export function getDelegatedAccessToken(
  args: GetDelegatedAccessTokenArgs,
  { provider }: GetDelegatedAccessTokenOptions = {},
): pulumi.Output<DelegatedAccess> {
  const configuration = provider && configurationOf(provider);
  return pulumi.secret(
    pulumi
      .all([args.tradeInToken, configuration])
      .apply(([token, settings]) => tradeInWith(token, settings ?? pulumi.runtime.allConfig())),
  );
}

async function tradeInWith(token: string, stack: StackConfiguration): Promise<DelegatedAccess> {
  const [{ AwsClients }, { readConfiguration }, { tradeIn }] = await Promise.all([
    import("../../aws/clients"),
    import("../../aws/configuration"),
    import("./tradeIn"),
  ]);
  try {
    const log = (line: string) => void pulumi.log.info(line);
    return await tradeIn(token, new AwsClients(readConfiguration(stack), { clock: systemClock, log }));
  } catch (error) {
    // For any other class of error, Pulumi prints all its properties, AWS's response and stack traces included.
    throw new pulumi.RunError((error as Error).message);
  }
}
