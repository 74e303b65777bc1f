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
