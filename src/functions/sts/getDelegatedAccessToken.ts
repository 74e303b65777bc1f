import * as pulumi from "@pulumi/pulumi";
import { systemClock } from "../../clock";
import type { DelegatedAccess } from "./tradeIn";

/** Arguments of {@link getDelegatedAccessToken}. */
export interface GetDelegatedAccessTokenArgs {
  /** The `ExchangeToken` that arrived at the request's `notificationChannel`. A secret. */
  tradeInToken: pulumi.Input<string>;
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
export function getDelegatedAccessToken(args: GetDelegatedAccessTokenArgs): pulumi.Output<DelegatedAccess> {
  return pulumi.secret(pulumi.output(args.tradeInToken).apply(tradeInWithStackConfiguration));
}

async function tradeInWithStackConfiguration(token: string): Promise<DelegatedAccess> {
  const [{ AwsClients }, { readConfiguration }, { tradeIn }] = await Promise.all([
    import("../../aws/clients"),
    import("../../aws/configuration"),
    import("./tradeIn"),
  ]);
  try {
    const log = (line: string) => void pulumi.log.info(line);
    const configuration = readConfiguration(pulumi.runtime.allConfig());
    return await tradeIn(token, new AwsClients(configuration, { clock: systemClock, log }));
  } catch (error) {
    // For any other class of error, Pulumi prints all its properties, AWS's response and stack traces included.
    throw new pulumi.RunError((error as Error).message);
  }
}
