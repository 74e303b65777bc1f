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
 * What a stack may know of a request: AWS's states, and `VANISHED` where AWS no longer has it and nobody told what became
 * of it.
 */
export const KNOWN_STATES = [...DELEGATION_REQUEST_STATES, "VANISHED"] as const;

export type KnownState = (typeof KNOWN_STATES)[number];
