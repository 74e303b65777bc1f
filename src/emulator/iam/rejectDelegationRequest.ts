import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, mayAct } from "./delegationRequest";
import { delegationRequestId, notes } from "./members";
import { transition } from "./transition";

export const rejectDelegationRequest = operation(
  {
    name: "RejectDelegationRequest",
    input: structure({ DelegationRequestId: delegationRequestId, Notes: notes }, ["DelegationRequestId"]),
  },
  (given, { caller, now, cloud }) => {
    const request = cloud.iam.findDelegationRequest(given.DelegationRequestId);
    authorize(mayAct(request, caller), "RejectDelegationRequest", request, caller);
    expectState(request, "ASSIGNED", "PENDING_APPROVAL", "ACCEPTED");
    if (given.Notes !== undefined) request.rejectionReason = given.Notes;
    transition(request, "REJECTED", caller, now, cloud.publisher);
    return undefined;
  },
);
