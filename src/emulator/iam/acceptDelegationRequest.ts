import { AwsError } from "../errors";
import { operation } from "../operation";
import { structure } from "../shapes";
import { authorize, expectState, mayAct } from "./delegationRequest";
import { delegationRequestId } from "./members";
import { transition } from "./transition";

const MAX_ROOT_DURATION_S = 4 * 3600;

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
    if (caller.kind === "root" && request.sessionDuration > MAX_ROOT_DURATION_S) {
      throw new AwsError(
        "InvalidInput",
        400,
        `A root user can approve access of at most four hours: the delegation request ${request.id} asks for more.`,
      );
    }
    request.approver = caller;
    transition(request, "ACCEPTED", caller, now, cloud.publisher);
    return undefined;
  },
);
