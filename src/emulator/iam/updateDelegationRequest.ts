import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, find, mayAct, transition } from "./delegationRequest";
import { delegationRequestId, notes } from "./members";

const input = structure({ DelegationRequestId: delegationRequestId, Notes: notes }, ["DelegationRequestId"]);

/** Forwards the request to somebody with more permissions. */
export const updateDelegationRequest = operation("UpdateDelegationRequest", input, (given, invocation) => {
  const { caller, now, cloud } = invocation;
  const request = find(given.DelegationRequestId, invocation);
  authorize(mayAct(request, caller), "UpdateDelegationRequest", request, caller);
  expectState(request, "ASSIGNED", "PENDING_APPROVAL");
  if (given.Notes !== undefined) request.notes = given.Notes;
  if (request.state === "PENDING_APPROVAL") request.updatedTime = now;
  else transition(request, "PENDING_APPROVAL", caller, now, cloud);
  return undefined;
});
