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
 * What a stack may know of a request: AWS's states, and two of ours. `LAPSED`: the customer had accepted, and it lapsed
 * before a token was seen. `VANISHED`: AWS no longer has it, and no answer was seen.
 */
export const KNOWN_STATES = [...DELEGATION_REQUEST_STATES, "LAPSED", "VANISHED"] as const;

export type KnownState = (typeof KNOWN_STATES)[number];
