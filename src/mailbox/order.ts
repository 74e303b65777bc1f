import type { DelegationRequestState } from "../aws/delegationRequestState";
import type { DelegationNotification } from "./messages";

/** The status of a request according to its notifications. */
export interface DelegationRequestStatus {
  state: DelegationRequestState;
  /** When the request entered that state, by AWS's clock. */
  updatedAt: Date;
  /** When the latest token that has arrived expires. Absent while none has arrived. */
  tokenExpiresAt?: Date;
}

/** With the customer's account, once a notification has named it. */
export type NotifiedStatus = DelegationRequestStatus & { ownerAccountId?: string };

/** The order of states. A request never goes back to a lower stage, and never from FINALIZED to REJECTED or back. */
const STAGE: Record<DelegationRequestState, number> = {
  UNASSIGNED: 0,
  ASSIGNED: 1,
  PENDING_APPROVAL: 2,
  ACCEPTED: 3,
  FINALIZED: 4,
  REJECTED: 4,
  EXPIRED: 5,
};

/**
 * Whether a notification is newer than the current status. SNS may deliver messages twice and out of order.
 *
 * A state is newer when it is of a later stage, or of the same stage with a later `updatedAt`. A token is newer when it is
 * the first, or expires later than the current one. That does not depend on the state: the FINALIZED notification may
 * arrive before the token, with a later `updatedAt`.
 *
 * @param current the status of the same request; undefined before the first notification
 */
export function isNewer(
  notification: DelegationNotification,
  current: DelegationRequestStatus | undefined,
): boolean {
  return current === undefined || isStateNewer(notification, current) || isTokenNewer(notification, current);
}

/** The status after a notification. The same object when the notification is not newer. */
export function merge(
  current: DelegationRequestStatus | undefined,
  notification: DelegationNotification,
): DelegationRequestStatus {
  if (current && !isNewer(notification, current)) return current;
  const { state, updatedAt } = !current || isStateNewer(notification, current) ? notification : current;
  const tokenExpiresAt =
    notification.type === "ExchangeToken" && (!current || isTokenNewer(notification, current))
      ? notification.expiresAt
      : current?.tokenExpiresAt;
  return { state, updatedAt, ...(tokenExpiresAt && { tokenExpiresAt }) };
}

function isStateNewer(
  { state, updatedAt }: DelegationNotification,
  current: DelegationRequestStatus,
): boolean {
  const ahead = STAGE[state] - STAGE[current.state];
  return ahead > 0 || (ahead === 0 && updatedAt > current.updatedAt);
}

function isTokenNewer(
  notification: DelegationNotification,
  { tokenExpiresAt }: DelegationRequestStatus,
): boolean {
  return (
    notification.type === "ExchangeToken" &&
    (tokenExpiresAt === undefined || notification.expiresAt > tokenExpiresAt)
  );
}
