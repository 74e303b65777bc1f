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

export type DelegationRequestState = (typeof DELEGATION_REQUEST_STATES)[number];

/**
 * The states of a request in a stack: AWS's, and two of ours. `LAPSED`: the customer accepted, and it lapsed before a token
 * was seen. `VANISHED`: AWS no longer has the request, and no answer was seen.
 */
export const OBSERVED_STATES = [...DELEGATION_REQUEST_STATES, "LAPSED", "VANISHED"] as const;

export type ObservedState = (typeof OBSERVED_STATES)[number];
