import type { Call } from "./call";

/** A limit of the calls of an operation, of each account by itself: a token bucket, from which a call takes one. */
export interface RateLimit {
  /** How many calls may come at once: the size of the bucket, which is full at first. At least 1. */
  readonly burst: number;
  /** How many tokens a second come back, on the emulator's clock. */
  readonly perSecond: number;
}

/** Limits, by operations such as `iam:CreateDelegationRequest`. */
export type RateLimits = Readonly<Record<string, RateLimit>>;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** The token buckets of all accounts. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  /** @throws RangeError when a limit is not valid */
  constructor(private readonly limits: RateLimits = {}) {
    for (const [operation, { burst, perSecond }] of Object.entries(limits)) {
      if (!/^[a-z-]+:[A-Za-z]+$/.test(operation))
        throw new RangeError(`rateLimits: must be like iam:CreateDelegationRequest, is ${operation}`);
      if (!(burst >= 1))
        throw new RangeError(`rateLimits.${operation}.burst: must be at least 1, is ${burst}`);
      if (!(perSecond >= 0))
        throw new RangeError(`rateLimits.${operation}.perSecond: must be at least 0, is ${perSecond}`);
    }
  }

  /** Takes a token for a call. @returns whether there was one */
  admit({ service, operation, account }: Omit<Call, "phase">, now: Date): boolean {
    const limit = this.limits[`${service}:${operation}`];
    if (limit === undefined) return true;
    const key = `${account} ${service}:${operation}`;
    const { tokens, filledAt } = this.buckets.get(key) ?? { tokens: limit.burst, filledAt: now.getTime() };
    const refilled = tokens + ((now.getTime() - filledAt) / 1_000) * limit.perSecond;
    const available = Math.min(limit.burst, Math.max(tokens, refilled));
    const admitted = available >= 1;
    this.buckets.set(key, { tokens: admitted ? available - 1 : available, filledAt: now.getTime() });
    return admitted;
  }
}
