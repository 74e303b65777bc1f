/** The emulator's source of time. */
export interface Clock {
  /** The present time. */
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `"500ms"`, `"30s"`, `"5m"`, `"25h"`, `"7d"` or a number of milliseconds. */
export function milliseconds(duration: string | number): number {
  const [, amount, unit] =
    typeof duration === "string" ? (/^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration) ?? []) : [];
  const result = typeof duration === "number" ? duration : Number(amount) * (UNITS[unit ?? ""] ?? Number.NaN);
  if (!Number.isFinite(result) || result < 0) {
    throw new RangeError(
      `Not a duration: ${JSON.stringify(duration)}. Use milliseconds, or text like "500ms", "30s", "25h", "7d".`,
    );
  }
  return result;
}

/** A clock that only moves when a test moves it. Starts at the given date, by default the current time. */
export class ManualClock implements Clock {
  #now: number;

  constructor(start: Date = new Date()) {
    this.#now = start.getTime();
  }

  /** The time that the clock was moved to. */
  now(): Date {
    return new Date(this.#now);
  }

  /** Moves forward by milliseconds, or by text such as `"25h"`. */
  advance(duration: string | number): void {
    this.#now += milliseconds(duration);
  }

  /** Moves to a date, which may be earlier. */
  set(date: Date): void {
    this.#now = date.getTime();
  }
}
