import type { DelegationRequestState, ObservedState } from "../aws/delegationRequestState";
import type { DelegationNotification } from "./messages";

/**
 * A state that follows from notifications: AWS's, or `LAPSED`: the customer accepted, and it expired before the token was sent.
 * @inline
 */
export type NotifiedState = Exclude<ObservedState, "VANISHED">;

/** The status of a request according to its notifications. */
export interface DelegationRequestStatus {
  /** The state. */
  state: NotifiedState;
  /** When the request entered that state, by AWS's clock. */
  updatedAt: Date;
  /** When the latest token that has arrived expires. Absent while none has arrived. */
  tokenExpiresAt?: Date;
}

/** With the customer's account, once a notification has named it. */
export type NotifiedStatus = DelegationRequestStatus & { ownerAccountId?: string };

/** A state that people's actions lead to. That a request expired is another fact, which does not change what they did. */
export type Step = Exclude<DelegationRequestState, "EXPIRED">;

/** The order of steps. A request never goes back to a lower one, and never from FINALIZED to REJECTED or back. */
export const STAGE: Readonly<Record<Step, number>> = {
  UNASSIGNED: 0,
  ASSIGNED: 1,
  PENDING_APPROVAL: 2,
  ACCEPTED: 3,
  FINALIZED: 4,
  REJECTED: 4,
};

const ANSWERED = 4;

/** What notifications tell of a request, none of which depends on the order in which they arrive. */
export interface RequestFacts {
  /** The furthest step, and when it was taken. */
  furthest?: { state: Step; updatedAt: Date };
  /** When it expired. */
  expiredAt?: Date;
}

/**
 * The state of a request: that it expired does not undo an answer, and a request that was accepted and expired before the
 * token was sent is `LAPSED`. Undefined when there are no facts.
 */
export function stateOf({
  furthest,
  expiredAt,
}: RequestFacts): Pick<DelegationRequestStatus, "state" | "updatedAt"> | undefined {
  if (expiredAt === undefined || (furthest && STAGE[furthest.state] === ANSWERED)) return furthest;
  return { state: furthest?.state === "ACCEPTED" ? "LAPSED" : "EXPIRED", updatedAt: expiredAt };
}

/** The facts behind a state. */
function factsOf({ state, updatedAt }: Pick<DelegationRequestStatus, "state" | "updatedAt">): RequestFacts {
  if (state === "EXPIRED") return { expiredAt: updatedAt };
  if (state === "LAPSED") return { furthest: { state: "ACCEPTED", updatedAt }, expiredAt: updatedAt };
  return { furthest: { state, updatedAt } };
}

/**
 * Whether a notification is newer than the current status. SNS may deliver messages twice and out of order.
 *
 * A state is newer when it is of a later stage, or of the same stage with a later `updatedAt`; EXPIRED is newer than all but
 * an answer (FINALIZED, REJECTED). A token is newer when it is the first, or expires later than the current one. That does
 * not depend on the state: the FINALIZED notification may arrive before the token, with a later `updatedAt`.
 *
 * @param current the status of the same request; undefined before the first notification
 */
export function isNewer(
  notification: DelegationNotification,
  current: DelegationRequestStatus | undefined,
): boolean {
  return current === undefined || merge(current, notification) !== current;
}

/**
 * The status after a notification; the same object when the notification is not newer. In whatever order notifications
 * arrive, and however often, the status is the same in the end.
 */
export function merge(
  current: DelegationRequestStatus | undefined,
  notification: DelegationNotification,
): DelegationRequestStatus {
  const news = statusOf(notification);
  return current ? mergeStatus(current, news) : news;
}

/** The newer of two statuses of a request, part by part; `current` itself when the other tells nothing new. */
export function mergeStatus<Status extends DelegationRequestStatus>(
  current: Status,
  other: DelegationRequestStatus,
): Status | DelegationRequestStatus {
  const { state, updatedAt } = stateOf(mergeFacts(factsOf(current), factsOf(other))) ?? current;
  const tokenExpiresAt = latest(current.tokenExpiresAt, other.tokenExpiresAt);
  const isSame =
    state === current.state &&
    updatedAt.getTime() === current.updatedAt.getTime() &&
    tokenExpiresAt?.getTime() === current.tokenExpiresAt?.getTime();
  return isSame ? current : { state, updatedAt, ...(tokenExpiresAt && { tokenExpiresAt }) };
}

const statusOf = (notification: DelegationNotification): DelegationRequestStatus => ({
  state: notification.state,
  updatedAt: notification.updatedAt,
  ...(notification.type === "ExchangeToken" && { tokenExpiresAt: notification.expiresAt }),
});

function mergeFacts(one: RequestFacts, other: RequestFacts): RequestFacts {
  const furthest = further(one.furthest, other.furthest);
  const expiredAt = latest(one.expiredAt, other.expiredAt);
  return { ...(furthest && { furthest }), ...(expiredAt && { expiredAt }) };
}

function further(one: RequestFacts["furthest"], other: RequestFacts["furthest"]): RequestFacts["furthest"] {
  if (!one || !other) return one ?? other;
  const ahead = STAGE[other.state] - STAGE[one.state] || other.updatedAt.getTime() - one.updatedAt.getTime();
  return ahead > 0 ? other : one;
}

const latest = (one: Date | undefined, other: Date | undefined): Date | undefined =>
  !one || (other && other > one) ? other : one;
