import type { DelegationRequestState } from "../aws/delegationRequestState";
import type { DelegationNotification } from "./messages";

/** What is known of a request from the notifications so far. */
export interface KnownRequest {
  state: DelegationRequestState;
  /** When the request came into that state, by AWS's clock. */
  updatedAt: Date;
  /** When the latest token that has arrived expires. Absent while none has. */
  tokenExpiresAt?: Date;
}

/** How far along a request is. AWS knows no way back to a lower stage, and none from FINALIZED to REJECTED or back. */
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
 * Whether a notification tells more than is known. SNS delivers twice and out of order.
 *
 * A state is news when it is of a later stage than the known one, or of the same stage and later by `updatedAt`.
 * A token is news when it is the first, or outlasts the one that is known: whatever the state, since the
 * notification of FINALIZED may arrive before the token and have the later `updatedAt`.
 *
 * @param known of the same request; undefined when nothing is
 */
export function isNewer(notification: DelegationNotification, known: KnownRequest | undefined): boolean {
  return known === undefined || isStateNews(notification, known) || isTokenNews(notification, known);
}

/** What is known after a notification, from what was known before it; the same object if it was no news. */
export function merge(known: KnownRequest | undefined, notification: DelegationNotification): KnownRequest {
  if (known && !isNewer(notification, known)) return known;
  const { state, updatedAt } = !known || isStateNews(notification, known) ? notification : known;
  const tokenExpiresAt =
    notification.type === "ExchangeToken" && (!known || isTokenNews(notification, known))
      ? notification.expiresAt
      : known?.tokenExpiresAt;
  return { state, updatedAt, ...(tokenExpiresAt && { tokenExpiresAt }) };
}

function isStateNews({ state, updatedAt }: DelegationNotification, known: KnownRequest): boolean {
  const ahead = STAGE[state] - STAGE[known.state];
  return ahead > 0 || (ahead === 0 && updatedAt > known.updatedAt);
}

function isTokenNews(notification: DelegationNotification, { tokenExpiresAt }: KnownRequest): boolean {
  return (
    notification.type === "ExchangeToken" &&
    (tokenExpiresAt === undefined || notification.expiresAt > tokenExpiresAt)
  );
}
