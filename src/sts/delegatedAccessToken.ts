import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link getDelegatedAccessToken}. */
export interface GetDelegatedAccessTokenArgs {
  /** The `ExchangeToken` that arrived at the request's `notificationChannel`. A secret. */
  tradeInToken: pulumi.Input<string>;
}

/** What a customer's token was traded in for. */
export interface DelegatedAccess {
  /** Temporary credentials for the customer's account. */
  credentials: {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken: string;
    /** When the delegated access ends, ISO 8601: the same moment however often the token is traded in. */
    expiration: string;
  };
  /** The ARN that the credentials act as. */
  assumedPrincipal?: string;
  /** Percent of the size a session policy may have. AWS no longer fills it. */
  packedPolicySize?: number;
}

/**
 * Trades the token of an approved delegation request in for temporary credentials. It may be done any number of
 * times until the access ends, and only from the account that made the request. Runs at preview as well, when the
 * token is known.
 *
 * The result is secret as a whole. Give it to a provider only (`new aws.Provider`): Pulumi keeps a provider's
 * inputs in the state, encrypted.
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
  return pulumi.secret(pulumi.output(args.tradeInToken).apply(tradeIn));
}

async function tradeIn(token: string): Promise<DelegatedAccess> {
  const [{ AwsClients }, { readConfiguration }, { call }, { GetDelegatedAccessTokenCommand }] =
    await Promise.all([
      import("../aws/clients"),
      import("../aws/configuration"),
      import("../provider/errors"),
      import("@aws-sdk/client-sts"),
    ]);
  const lookup = (key: string) => {
    const [namespace, name] = key.split(":") as [string, string];
    return new pulumi.Config(namespace).get(name);
  };
  const sts = await new AwsClients(readConfiguration(lookup)).sts();
  const command = new GetDelegatedAccessTokenCommand({ TradeInToken: token });
  const answer = await call(
    "sts:GetDelegatedAccessToken",
    "the trade-in token",
    () => sts.send(command),
    REMEDIES,
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error("sts:GetDelegatedAccessToken answered without credentials");
  }
  return {
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration.toISOString(),
    },
    assumedPrincipal: answer.AssumedPrincipal,
    packedPolicySize: answer.PackedPolicySize,
  };
}

const REMEDIES = {
  ExpiredTradeInToken:
    "The delegated access has ended: it lasts for the request's sessionDuration from when the customer sent the token. Make a new request, by changing its generation.",
  AccessDenied:
    "The caller needs the permission sts:GetDelegatedAccessToken, in the account that made the request: no other may trade its token in.",
  RegionDisabled: "Use an STS endpoint in a region that the account has enabled (aws:region).",
  PackedPolicyTooLarge:
    "The rendered policy is too large for a session. Ask for fewer permissions or parameters.",
};
