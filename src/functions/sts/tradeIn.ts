import type { AwsClients } from "../../aws/clients";
import { call, ReadableError, type Remedies } from "../../aws/errors";

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

/** What `sts.getDelegatedAccessToken` does, for whoever has no Pulumi program. */
export async function tradeIn(
  token: string,
  clients: AwsClients,
  remedies: Remedies = {},
): Promise<DelegatedAccess> {
  if (token === "")
    throw new ReadableError("tradeInToken", "must not be empty: it is the ExchangeToken that was sent.");
  const { GetDelegatedAccessTokenCommand } = await import("@aws-sdk/client-sts");
  const sts = await clients.sts();
  const command = new GetDelegatedAccessTokenCommand({ TradeInToken: token });
  const answer = await call(
    "sts:GetDelegatedAccessToken",
    "the trade-in token",
    () => sts.send(command).catch((error: unknown) => rethrowWithout(token, error)),
    { ...REMEDIES, ...remedies },
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

/** AWS's validation errors repeat the value that they refuse. */
function rethrowWithout(token: string, error: unknown): never {
  if (error instanceof Error) {
    error.message = error.message.replaceAll(token, "[secret]");
    if (error.stack) error.stack = error.stack.replaceAll(token, "[secret]");
  }
  throw error;
}

const REMEDIES = {
  ExpiredTradeInToken:
    "The delegated access has ended: it lasts for the request's sessionDuration from when the customer sent the token. Take the token out of the configuration again, then make a new request by changing its generation.",
  AccessDenied:
    "The caller needs the permission sts:GetDelegatedAccessToken, in the account that made the request: no other may trade its token in.",
  RegionDisabled: "Use an STS endpoint in a region that the account has enabled (aws:region).",
  PackedPolicyTooLarge:
    "The rendered policy is too large for a session. Ask for fewer permissions or parameters.",
};
