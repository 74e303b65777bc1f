import { issueSession } from "../caller";
import { AwsError } from "../errors";
import { permissionPolicy } from "../iam/delegationRequest";
import { operation } from "../operation";
import { string, structure } from "../shapes";
import { flattenCredentials } from "./credentials";

const MAX_SESSION_POLICY_LENGTH = 2048;

/**
 * Exchanges a trade-in token for credentials, any number of times until the delegated session ends. All credentials
 * expire with the session. AWS documents no error for a token that was never sent, nor for one whose access the customer
 * has revoked: the emulator answers ValidationError and AccessDenied.
 */
export const getDelegatedAccessToken = operation(
  {
    name: "GetDelegatedAccessToken",
    input: structure({ TradeInToken: string({ sensitive: true }) }, ["TradeInToken"]),
  },
  (given, { caller, now, cloud }) => {
    const sent = cloud.iam.tradeInTokens.get(given.TradeInToken);
    if (sent === undefined) throw new AwsError("ValidationError", 400, "The trade-in token is invalid.");
    const { request, expiration } = sent;
    if (request.requestorId !== caller.account || request.approver === undefined) {
      throw new AwsError(
        "AccessDenied",
        403,
        `User: ${caller.arn} is not authorized to perform: sts:GetDelegatedAccessToken with this trade-in token`,
      );
    }
    if (now >= expiration) {
      throw new AwsError(
        "ExpiredTradeInTokenException",
        400,
        `The trade-in token expired at ${expiration.toISOString()}.`,
      );
    }
    if (request.revocation !== undefined) {
      throw new AwsError(
        "AccessDenied",
        403,
        `User: ${caller.arn} is not authorized: the access was revoked`,
      );
    }
    if (permissionPolicy(request).length > MAX_SESSION_POLICY_LENGTH) {
      throw new AwsError(
        "PackedPolicyTooLarge",
        400,
        `The rendered session policy is longer than ${MAX_SESSION_POLICY_LENGTH} characters.`,
      );
    }
    const session = issueSession({ ...request.approver, kind: "delegated" }, expiration, request);
    cloud.sessions.set(session.accessKeyId, session);
    return { Credentials: flattenCredentials(session), AssumedPrincipal: request.approver.arn };
  },
);
