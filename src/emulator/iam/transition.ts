import type { Caller } from "../caller";
import type { Publisher } from "../messaging/publisher";
import { type DelegationRequest, type DelegationRequestState, expirationTime } from "./delegationRequest";
import { notifyStateChange } from "./notification";

/** Changes the state and publishes the change to the partner's notification channel. */
export function transition(
  request: DelegationRequest,
  state: DelegationRequestState,
  by: Caller | undefined,
  at: Date,
  publisher: Publisher,
): void {
  request.history.push({ state, at, by: by?.arn });
  request.state = state;
  request.stateSince = at;
  request.updatedTime = at;
  notifyStateChange(request, publisher);
}

export function expireIfDue(request: DelegationRequest, now: Date, publisher: Publisher): void {
  const due = expirationTime(request);
  if (request.state !== "EXPIRED" && now >= due) transition(request, "EXPIRED", undefined, due, publisher);
}
