/** AWS's bounds of a delegation request's id. Folders and items are named by it, so it must not hold a separator. */
export const REQUEST_ID = /^[\w-]{16,128}$/;

/** The states of a delegation request, in AWS's words (`stateType` of the IAM API). */
export const DELEGATION_REQUEST_STATES = [
  "UNASSIGNED",
  "ASSIGNED",
  "PENDING_APPROVAL",
  "ACCEPTED",
  "FINALIZED",
  "REJECTED",
  "EXPIRED",
] as const;

/** A state of a delegation request, in AWS's words. Source: `iam:GetDelegationRequest`. @useDeclaredType */
export type DelegationRequestState = (typeof DELEGATION_REQUEST_STATES)[number];

export const OBSERVED_STATES = [...DELEGATION_REQUEST_STATES, "LAPSED", "VANISHED"] as const;

/**
 * A state of a request in a stack: AWS's, or one of ours. `LAPSED`: the customer accepted, and it expired before a token was
 * seen. `VANISHED`: AWS no longer has the request, and no answer was seen.
 * @useDeclaredType
 */
export type ObservedState = (typeof OBSERVED_STATES)[number];
