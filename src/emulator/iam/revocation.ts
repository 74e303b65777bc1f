import type { Caller } from "../caller";
import { AwsError } from "../errors";
import { accessEnd, authorize, type DelegationRequest, expectState, mayAct } from "./delegationRequest";

/**
 * Ends the access of a request at once, as "Revoke access" in AWS's console does. AWS documents no API for it, no state,
 * and no notification.
 */
export function revokeAccess(request: DelegationRequest, by: Caller, now: Date): void {
  authorize(mayAct(request, by), "RevokeDelegationRequest", request, by);
  expectState(request, "FINALIZED");
  const obstacle = whyNotRevocable(request, now);
  if (obstacle !== undefined) throw new AwsError("InvalidInput", 400, obstacle);
  request.revocation = { at: now, by: by.arn };
}

/** Why the access of a FINALIZED request cannot be revoked. Undefined when it can. */
export function whyNotRevocable(request: DelegationRequest, now: Date): string | undefined {
  if (request.revocation !== undefined) return "The access was revoked already.";
  if (now >= accessEnd(request)) return "The access has ended.";
  if (request.approver?.kind === "root") return "Access that the root user has approved cannot be revoked.";
  return undefined;
}
