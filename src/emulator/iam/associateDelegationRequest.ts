import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, mayAssociate } from "./delegationRequest";
import { delegationRequestId } from "./members";
import { transition } from "./transition";

/** The caller becomes the owner, and its account the owner account. */
export const associateDelegationRequest = operation(
  {
    name: "AssociateDelegationRequest",
    input: structure({ DelegationRequestId: delegationRequestId }, ["DelegationRequestId"]),
  },
  (given, { caller, now, cloud }) => {
    const request = cloud.iam.findDelegationRequest(given.DelegationRequestId);
    const allowed = caller.kind !== "delegated" && mayAssociate(request, caller);
    authorize(allowed, "AssociateDelegationRequest", request, caller);
    expectState(request, "UNASSIGNED");
    request.ownerAccountId = caller.account;
    request.ownerId = caller.arn;
    transition(request, "ASSIGNED", caller, now, cloud.publisher);
    return undefined;
  },
);
