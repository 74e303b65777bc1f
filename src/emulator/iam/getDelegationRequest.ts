import { administers } from "../caller";
import { operation } from "../operation";
import { boolean, structure } from "../shapes";
import { authorize, flatten, mayRead } from "./delegationRequest";
import { delegationRequestId } from "./members";

export const getDelegationRequest = operation(
  {
    name: "GetDelegationRequest",
    input: structure({ DelegationRequestId: delegationRequestId, DelegationPermissionCheck: boolean }, [
      "DelegationRequestId",
    ]),
  },
  (given, { caller, cloud }) => {
    const request = cloud.iam.findDelegationRequest(given.DelegationRequestId);
    authorize(mayRead(request, caller), "GetDelegationRequest", request, caller);
    return {
      DelegationRequest: flatten(request),
      ...(given.DelegationPermissionCheck === true && {
        PermissionCheckStatus: "COMPLETE",
        // Of others the permissions are not known: IAM policies are not emulated.
        PermissionCheckResult: administers(caller, caller.account) ? "ALLOWED" : "UNSURE",
      }),
    };
  },
);
