import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, find, mayAssociate, transition } from "./delegationRequest";
import { delegationRequestId } from "./members";

const input = structure({ DelegationRequestId: delegationRequestId }, ["DelegationRequestId"]);

/** The caller becomes the owner, and its account the owner account. */
export const associateDelegationRequest = operation(
  "AssociateDelegationRequest",
  input,
  (given, invocation) => {
    const { caller, now, cloud } = invocation;
    const request = find(given.DelegationRequestId, invocation);
    const allowed = caller.kind !== "delegated" && mayAssociate(request, caller);
    authorize(allowed, "AssociateDelegationRequest", request, caller);
    expectState(request, "UNASSIGNED");
    request.ownerAccountId = caller.account;
    request.ownerId = caller.arn;
    transition(request, "ASSIGNED", caller, now, cloud);
    return undefined;
  },
);
