import type { AwsClients } from "../../aws/clients";
import { call, ReadableError, type Remedies } from "../../aws/errors";

/** The temporary credentials that a token was traded in for. */
export interface DelegatedAccess {
  /** Temporary credentials for the customer's account. */
  credentials: {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken: string;
    /** When the delegated access ends, ISO 8601. It does not change when the token is traded in again. */
    expiration: string;
  };
  /** The ARN that the credentials act as. */
  assumedPrincipal?: string;
  /** The size of the session policy, in percent of the limit. AWS no longer returns it. */
  packedPolicySize?: number;
}

/** Calls `sts:GetDelegatedAccessToken`, for programs (`sts.getDelegatedAccessToken`) and for the CLI. */
export async function tradeIn(
  token: string,
  clients: AwsClients,
  remedies: Remedies = {},
): Promise<DelegatedAccess> {
  if (token === "")
    throw new ReadableError("tradeInToken", "must not be empty: give the ExchangeToken of the notification.");
  const { GetDelegatedAccessTokenCommand } = await import("@aws-sdk/client-sts");
  const sts = await clients.sts();
  const command = new GetDelegatedAccessTokenCommand({ TradeInToken: token });
  const answer = await call("sts:GetDelegatedAccessToken", "the trade-in token", () => sts.send(command), {
    ...REMEDIES,
    ...remedies,
  });
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
    "The delegated access has ended: it lasts for the request's sessionDuration, counted from when the customer sent the token. Remove the token from the configuration, then make a new request by changing its generation.",
  AccessDenied:
    "The caller needs the permission sts:GetDelegatedAccessToken, in the account that made the request: no other account may trade in its token. If it was granted before, the customer may have revoked the access.",
  RegionDisabled: "Use an STS endpoint in a region that the account has enabled (aws:stsRegion, aws:region).",
  PackedPolicyTooLarge:
    "The rendered policy is too large for a session. Ask for fewer permissions or parameters.",
};
