import { randomBytes } from "node:crypto";
import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, isOwner, mayAct } from "./delegationRequest";
import { delegationRequestId } from "./members";
import { notifyExchangeToken } from "./notification";
import { transition } from "./transition";

/** Sends the exchange token to the partner. The delegated session starts now, not when the token is redeemed. */
export const sendDelegationToken = operation(
  {
    name: "SendDelegationToken",
    input: structure({ DelegationRequestId: delegationRequestId }, ["DelegationRequestId"]),
  },
  (given, { caller, now, cloud }) => {
    const request = cloud.iam.findDelegationRequest(given.DelegationRequestId);
    const allowed = request.onlySendByOwner ? isOwner(request, caller) : mayAct(request, caller);
    authorize(allowed, "SendDelegationToken", request, caller);
    expectState(request, "ACCEPTED");
    const token = randomBytes(96).toString("base64url");
    const expiration = new Date(now.getTime() + request.sessionDuration * 1_000);
    cloud.iam.tradeInTokens.set(token, { token, request, expiration });
    transition(request, "FINALIZED", caller, now, cloud.publisher);
    notifyExchangeToken(request, { token, expiration }, cloud.publisher);
    return undefined;
  },
);
