import type { NotifiedStatus } from "../mailbox/order";

/** The state to wait for: the customer has accepted, or has sent the token. */
export type Goal = "ACCEPTED" | "FINALIZED";

export type Outcome = "granted" | "rejected" | "expired";

/** How a wait has ended. */
export type WaitOutcome = Outcome | "timed-out";

/**
 * The outcome of a request; undefined while nobody has decided, and while the token is on its way.
 * @param now AWS's time
 */
export function outcomeOf(
  { state, tokenExpiresAt }: NotifiedStatus,
  goal: Goal,
  now: Date,
): Outcome | undefined {
  if (tokenExpiresAt) return tokenExpiresAt > now ? "granted" : "expired";
  switch (state) {
    case "REJECTED":
      return "rejected";
    case "EXPIRED":
    case "LAPSED":
      return "expired";
    case "FINALIZED":
    case "ACCEPTED":
      return goal === "ACCEPTED" ? "granted" : undefined;
    default:
      return undefined;
  }
}
