import { operation } from "../operation";
import { boolean, structure } from "../shapes";
import { authorize, describe, find, mayRead } from "./delegationRequest";
import { delegationRequestId } from "./members";

const input = structure({ DelegationRequestId: delegationRequestId, DelegationPermissionCheck: boolean }, [
  "DelegationRequestId",
]);

export const getDelegationRequest = operation("GetDelegationRequest", input, (given, invocation) => {
  const { caller } = invocation;
  const request = find(given.DelegationRequestId, invocation);
  authorize(mayRead(request, caller), "GetDelegationRequest", request, caller);
  return {
    DelegationRequest: describe(request),
    ...(given.DelegationPermissionCheck === true && {
      PermissionCheckStatus: "COMPLETE",
      // Whether anyone but root has the permissions asked for would need IAM's policies, which are not emulated.
      PermissionCheckResult: caller.kind === "root" ? "ALLOWED" : "UNSURE",
    }),
  };
});
