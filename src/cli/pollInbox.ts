import { setTimeout as sleep } from "node:timers/promises";
import type { CachedRequest, RequestCache } from "./cache";
import { withChildAbort } from "./childAbort";
import type { Inbox } from "./inbox";

/** The state to wait for: the customer has accepted, or has sent the token. */
export type Goal = "ACCEPTED" | "FINALIZED";

export type Outcome = "granted" | "rejected" | "expired";

export interface PollOptions {
  requestIds: readonly string[];
  goal: Goal;
  /** Milliseconds. The queue is read at least once, even when it is 0. */
  timeout: number;
  cache: RequestCache;
  inbox: Inbox;
  abortSignal: AbortSignal;
  /** Called once for each request at the start, and each time that what is known of it changes. */
  onChange?(requestId: string, request: CachedRequest): void;
}

const MAX_POLL_SECONDS = 10;
const CACHE_INTERVAL_MS = 1_000;
const INITIAL_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 20_000;

/**
 * Reads the inbox until every request has an outcome, the timeout is over, or the signal is aborted.
 * @returns the outcomes; requests that nobody has decided are left out
 */
export function pollInbox(options: PollOptions): Promise<Map<string, Outcome>> {
  return withChildAbort(options.abortSignal, async (controller) => {
    const tracker = new OutcomeTracker(options);
    // Another process may take our messages from the queue and write them to the cache. Without this, the change would
    // be seen only at the end of a long poll.
    const timer = setInterval(() => {
      tracker.update({ queueIsEmpty: false });
      if (tracker.isComplete) controller.abort();
    }, CACHE_INTERVAL_MS);
    try {
      tracker.update({ queueIsEmpty: false });
      await readInbox(options, tracker, controller.signal);
      return tracker.outcomes;
    } finally {
      clearInterval(timer);
    }
  });
}

async function readInbox(
  { requestIds, timeout, inbox }: PollOptions,
  tracker: OutcomeTracker,
  abortSignal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + timeout;
  const ids = new Set(requestIds);
  let pause = INITIAL_PAUSE_MS;
  while (!tracker.isComplete && !abortSignal.aborted) {
    const left = Math.max(0, deadline - Date.now());
    const waitSeconds = Math.min(MAX_POLL_SECONDS, Math.ceil(left / 1000));
    const { received, ours, others } = await inbox.receive(ids, waitSeconds, abortSignal);
    // An aborted poll says nothing about what is still in the queue.
    tracker.update({ queueIsEmpty: received === 0 && !abortSignal.aborted });
    if (Date.now() >= deadline) return;
    if (ours > 0 || others === 0) {
      pause = INITIAL_PAUSE_MS;
    } else if (!tracker.isComplete) {
      // Messages that we release are visible again at once. Pause, so that the reader they are for can receive them.
      const time = Math.min(pause, deadline - Date.now());
      await sleep(time, undefined, { signal: abortSignal }).catch(() => undefined);
      pause = Math.min(pause * 2, MAX_PAUSE_MS);
    }
  }
}

/** Reads the requests from the cache, reports changes, and collects the outcomes. */
class OutcomeTracker {
  readonly outcomes = new Map<string, Outcome>();
  private readonly reported = new Map<string, string>();

  constructor(private readonly options: Pick<PollOptions, "requestIds" | "goal" | "cache" | "onChange">) {}

  get isComplete(): boolean {
    return this.outcomes.size === new Set(this.options.requestIds).size;
  }

  update({ queueIsEmpty }: { queueIsEmpty: boolean }): void {
    const { requestIds, goal, cache, onChange } = this.options;
    for (const requestId of new Set(requestIds)) {
      const request = cache.read(requestId);
      const status = JSON.stringify(request.status ?? null);
      if (this.reported.get(requestId) !== status) onChange?.(requestId, request);
      this.reported.set(requestId, status);
      const outcome = outcomeOf(request, goal, queueIsEmpty, new Date());
      if (outcome) this.outcomes.set(requestId, outcome);
    }
  }
}

/**
 * The outcome of a request; undefined while nobody has decided.
 * @param queueIsEmpty whether the last poll received nothing: then a missing token has gone to another reader
 */
export function outcomeOf(
  { status, token }: CachedRequest,
  goal: Goal,
  queueIsEmpty: boolean,
  now: Date,
): Outcome | undefined {
  if (!status) return undefined;
  if (status.tokenExpiresAt && status.tokenExpiresAt <= now) return "expired";
  switch (status.state) {
    case "REJECTED":
      return "rejected";
    case "EXPIRED":
      return token ? "granted" : "expired";
    case "FINALIZED":
      return goal === "ACCEPTED" || token || queueIsEmpty ? "granted" : undefined;
    case "ACCEPTED":
      return goal === "ACCEPTED" ? "granted" : undefined;
    default:
      return undefined;
  }
}
