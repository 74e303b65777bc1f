import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, mayAct } from "./delegationRequest";
import { delegationRequestId, notes } from "./members";
import { transition } from "./transition";

/** Forwards the request to somebody with more permissions. */
export const updateDelegationRequest = operation(
  {
    name: "UpdateDelegationRequest",
    input: structure({ DelegationRequestId: delegationRequestId, Notes: notes }, ["DelegationRequestId"]),
  },
  (given, { caller, now, cloud }) => {
    const request = cloud.iam.findDelegationRequest(given.DelegationRequestId);
    authorize(mayAct(request, caller), "UpdateDelegationRequest", request, caller);
    expectState(request, "ASSIGNED", "PENDING_APPROVAL");
    if (given.Notes !== undefined) request.notes = given.Notes;
    if (request.state === "PENDING_APPROVAL") request.updatedTime = now;
    else transition(request, "PENDING_APPROVAL", caller, now, cloud.publisher);
    return undefined;
  },
);
