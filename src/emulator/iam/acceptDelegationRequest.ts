import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, mayAct } from "./delegationRequest";
import { delegationRequestId } from "./members";
import { transition } from "./transition";

/** The caller becomes the approver: the principal that the partner will act as. */
export const acceptDelegationRequest = operation(
  {
    name: "AcceptDelegationRequest",
    input: structure({ DelegationRequestId: delegationRequestId }, ["DelegationRequestId"]),
  },
  (given, { caller, now, cloud }) => {
    const request = cloud.iam.findDelegationRequest(given.DelegationRequestId);
    authorize(mayAct(request, caller), "AcceptDelegationRequest", request, caller);
    expectState(request, "ASSIGNED", "PENDING_APPROVAL");
    request.approver = caller;
    transition(request, "ACCEPTED", caller, now, cloud.publisher);
    return undefined;
  },
);
