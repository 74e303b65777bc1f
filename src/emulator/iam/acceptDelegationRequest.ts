import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, find, mayAct, transition } from "./delegationRequest";
import { delegationRequestId } from "./members";

const input = structure({ DelegationRequestId: delegationRequestId }, ["DelegationRequestId"]);

/** The caller becomes the approver: the principal that the partner will act as. */
export const acceptDelegationRequest = operation("AcceptDelegationRequest", input, (given, invocation) => {
  const { caller, now, cloud } = invocation;
  const request = find(given.DelegationRequestId, invocation);
  authorize(mayAct(request, caller), "AcceptDelegationRequest", request, caller);
  expectState(request, "ASSIGNED", "PENDING_APPROVAL");
  request.approver = caller;
  transition(request, "ACCEPTED", caller, now, cloud);
  return undefined;
});
