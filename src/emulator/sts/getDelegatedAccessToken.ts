import { issueSession } from "../caller";
import { AwsError } from "../errors";
import { permissionPolicy } from "../iam/delegationRequest";
import { operation } from "../operation";
import { string, structure } from "../shapes";
import { describeCredentials } from "./credentials";

const input = structure({ TradeInToken: string({ sensitive: true }) }, ["TradeInToken"]);

const MAX_SESSION_POLICY_LENGTH = 2048;

/**
 * Trades a token in for credentials, as often as wanted until the delegated access ends; all of them end at that moment.
 * AWS documents no code for a token that it never sent: the emulator answers ValidationError.
 */
export const getDelegatedAccessToken = operation(
  "GetDelegatedAccessToken",
  input,
  (given, { caller, now, cloud }) => {
    const sent = cloud.tradeInTokens.get(given.TradeInToken);
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
    if (permissionPolicy(request).length > MAX_SESSION_POLICY_LENGTH) {
      throw new AwsError(
        "PackedPolicyTooLarge",
        400,
        `The rendered session policy is longer than ${MAX_SESSION_POLICY_LENGTH} characters.`,
      );
    }
    const session = issueSession({ ...request.approver, kind: "delegated" }, expiration);
    cloud.sessions.set(session.accessKeyId, session);
    return { Credentials: describeCredentials(session), AssumedPrincipal: request.approver.arn };
  },
);
