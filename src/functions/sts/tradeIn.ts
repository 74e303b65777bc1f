import type { AwsClients } from "../../aws/clients";
import { call, ReadableError } from "../../aws/errors";
import type { ValuesOf } from "../../declaration/properties";
import type { getDelegatedAccessToken } from "./properties";

/** The temporary credentials that a token was traded in for. */
export interface DelegatedAccess extends ValuesOf<typeof getDelegatedAccessToken.outputs> {}

/** Calls `sts:GetDelegatedAccessToken`, for programs (`sts.getDelegatedAccessToken`) and for the CLI. */
export async function tradeIn(token: string, clients: AwsClients): Promise<DelegatedAccess> {
  if (token === "")
    throw new ReadableError(
      "tradeInToken",
      "must not be empty. Specify the ExchangeToken of the notification.",
    );
  const { GetDelegatedAccessTokenCommand } = await import("@aws-sdk/client-sts");
  const sts = await clients.sts();
  const command = new GetDelegatedAccessTokenCommand({ TradeInToken: token });
  const send = () => sts.send(command);
  const answer = await call("sts:GetDelegatedAccessToken", "the trade-in token", send, REMEDIES);
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error("sts:GetDelegatedAccessToken returned no credentials");
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
    "The delegated access has ended: it lasts for the request's sessionDuration, counted from when the customer sent the token. Remove the token from the configuration, then create a new request by changing generation.",
  AccessDenied:
    "The caller needs the permission sts:GetDelegatedAccessToken, in the account that made the request: no other account may trade in its token. If it was granted before, the customer may have revoked the access.",
  RegionDisabled: "Use an STS endpoint in a region that the account has enabled (aws:stsRegion, aws:region).",
  PackedPolicyTooLarge:
    "The rendered policy is too large for a session. Ask for fewer permissions or parameters.",
};
