import { setTimeout } from "node:timers/promises";

/** The time, replaceable in tests. */
export interface Clock {
  now(): Date;
  /** @param abortSignal ends it: the promise then rejects with an AbortError */
  sleep(milliseconds: number, abortSignal?: AbortSignal): Promise<void>;
}

/** Some 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(milliseconds, signal) {
    let left = milliseconds;
    do {
      // Node.js takes a longer time than MAX_TIMER_MS for none.
      await setTimeout(Math.min(left, MAX_TIMER_MS), undefined, { signal });
      left -= MAX_TIMER_MS;
    } while (left > 0);
  },
};
