import { setTimeout as sleep } from "node:timers/promises";
import type { CachedRequest, RequestCache } from "./cache";
import type { Inbox } from "./inbox";

/** How far a request has to come: the customer has accepted, or has sent the token. */
export type Goal = "ACCEPTED" | "FINALIZED";

export type Outcome = "granted" | "rejected" | "expired";

export interface Follow {
  requestIds: readonly string[];
  goal: Goal;
  /** Milliseconds. The queue is looked at once in any case. */
  timeout: number;
  cache: RequestCache;
  inbox: Inbox;
  signal: AbortSignal;
  /** Called with a request's latest news, and before the first. */
  onNews?(requestId: string, request: CachedRequest): void;
}

const LONGEST_POLL_SECONDS = 10;
const CACHE_LOOK_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 20_000;

/**
 * Reads the inbox until every request is decided, the time is over or `signal` tells to stop. What has become of
 * them; those that nobody has decided are left out.
 */
export async function follow(options: Follow): Promise<Map<string, Outcome>> {
  const { requestIds, goal, timeout, cache, inbox, signal, onNews } = options;
  const deadline = Date.now() + timeout;
  const wanted = new Set(requestIds);
  const outcomes = new Map<string, Outcome>();
  const told = new Map<string, string>();
  const look = (drained: boolean) => {
    for (const requestId of wanted) {
      const request = cache.read(requestId);
      const news = JSON.stringify(request.known ?? null);
      if (told.get(requestId) !== news) onNews?.(requestId, request);
      told.set(requestId, news);
      const outcome = outcomeOf(request, goal, drained, new Date());
      if (outcome) outcomes.set(requestId, outcome);
    }
  };
  const ending = new AbortController();
  const end = () => ending.abort();
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  // What another process takes from the queue comes by the cache, and would be noticed at the end of a long poll only.
  const looking = setInterval(() => {
    look(false);
    if (outcomes.size === wanted.size) end();
  }, CACHE_LOOK_MS);
  try {
    look(false);
    let pause = FIRST_PAUSE_MS;
    while (outcomes.size < wanted.size && !ending.signal.aborted) {
      const left = Math.max(0, deadline - Date.now());
      const waitSeconds = Math.min(LONGEST_POLL_SECONDS, Math.ceil(left / 1000));
      const { received, ours, others } = await inbox.receive(wanted, waitSeconds, ending.signal);
      // A queue that was not listened to till the end may have more.
      look(received === 0 && !ending.signal.aborted);
      if (Date.now() >= deadline) break;
      if (ours > 0 || others === 0) {
        pause = FIRST_PAUSE_MS;
      } else if (outcomes.size < wanted.size) {
        // What was released comes back at once: whom it is for needs the time to take it.
        const time = Math.min(pause, deadline - Date.now());
        await sleep(time, undefined, { signal: ending.signal }).catch(() => undefined);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
    return outcomes;
  } finally {
    clearInterval(looking);
    signal.removeEventListener("abort", end);
  }
}

/**
 * What has become of a request; undefined as long as nobody has decided.
 * @param drained whether the queue had nothing more: then a token that isn't there has gone to another reader
 */
export function outcomeOf(
  { known, token }: CachedRequest,
  goal: Goal,
  drained: boolean,
  now: Date,
): Outcome | undefined {
  if (!known) return undefined;
  if (known.tokenExpiresAt && known.tokenExpiresAt <= now) return "expired";
  switch (known.state) {
    case "REJECTED":
      return "rejected";
    case "EXPIRED":
      return token ? "granted" : "expired";
    case "FINALIZED":
      return goal === "ACCEPTED" || token || drained ? "granted" : undefined;
    case "ACCEPTED":
      return goal === "ACCEPTED" ? "granted" : undefined;
    default:
      return undefined;
  }
}
