import { randomBytes } from "node:crypto";
import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, find, isOwner, mayAct, transition } from "./delegationRequest";
import { delegationRequestId } from "./members";
import { notifyExchangeToken } from "./notification";

const input = structure({ DelegationRequestId: delegationRequestId }, ["DelegationRequestId"]);

/** Sends the exchange token to the partner. The delegated access begins to run out now, not when the token is redeemed. */
export const sendDelegationToken = operation("SendDelegationToken", input, (given, invocation) => {
  const { caller, now, cloud } = invocation;
  const request = find(given.DelegationRequestId, invocation);
  const allowed = request.onlySendByOwner ? isOwner(request, caller) : mayAct(request, caller);
  authorize(allowed, "SendDelegationToken", request, caller);
  expectState(request, "ACCEPTED");
  const token = randomBytes(96).toString("base64url");
  const expiration = new Date(now.getTime() + request.sessionDuration * 1_000);
  cloud.tradeInTokens.set(token, { token, request, expiration });
  transition(request, "FINALIZED", caller, now, cloud);
  notifyExchangeToken(request, { token, expiration }, cloud);
  return undefined;
});
