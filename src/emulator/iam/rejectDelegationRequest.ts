import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, find, mayAct, transition } from "./delegationRequest";
import { delegationRequestId, notes } from "./members";

const input = structure({ DelegationRequestId: delegationRequestId, Notes: notes }, ["DelegationRequestId"]);

export const rejectDelegationRequest = operation("RejectDelegationRequest", input, (given, invocation) => {
  const { caller, now, cloud } = invocation;
  const request = find(given.DelegationRequestId, invocation);
  authorize(mayAct(request, caller), "RejectDelegationRequest", request, caller);
  expectState(request, "ASSIGNED", "PENDING_APPROVAL", "ACCEPTED");
  if (given.Notes !== undefined) request.rejectionReason = given.Notes;
  transition(request, "REJECTED", caller, now, cloud);
  return undefined;
});
