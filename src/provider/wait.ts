import { ReadableError } from "../aws/errors";
import type { Context } from "./lifecycle";

/** A status as AWS returned it and, where it helps, the reason for it. */
export interface Observation {
  status: string;
  detail?: string;
}

interface Wait {
  /** The resource's name in messages. */
  resource: string;
  /** Statuses in which to go on waiting. Any status that is neither pending nor a target ends the wait at once. */
  pending: readonly string[];
  target: readonly string[];
  timeout: number;
  /** Whether people are waited for, who take longer: the last delays between two looks are a minute. */
  forPeople?: boolean;
  /** What to do about a timeout; part of the message. */
  remedy: string;
  observe(): Promise<Observation>;
}

/** A wait that did not reach a target status. */
export class WaitError extends ReadableError {
  override readonly name = "WaitError";
}

const INITIAL_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;
const MAX_DELAY_FOR_PEOPLE_MS = 60_000;
const PROGRESS_INTERVAL_MS = 15_000;

/**
 * Waits for a target status.
 * @throws WaitError as soon as a status is neither pending nor a target, and when `timeout` milliseconds are over.
 */
export async function waitFor(wait: Wait, { clock, log }: Pick<Context, "clock" | "log">): Promise<void> {
  const start = clock.now().getTime();
  const maxDelay = wait.forPeople ? MAX_DELAY_FOR_PEOPLE_MS : MAX_DELAY_MS;
  let loggedAt = start;
  for (let delay = INITIAL_DELAY_MS; ; delay = Math.min(delay * 2, maxDelay)) {
    const observation = await wait.observe();
    if (wait.target.includes(observation.status)) return;
    const current = observation.detail ? `${observation.status} (${observation.detail})` : observation.status;
    const target = wait.target.join(" or ");
    if (!wait.pending.includes(observation.status)) {
      throw new WaitError(`Waiting for ${wait.resource}`, `it is ${current}, not ${target}.`);
    }
    const now = clock.now().getTime();
    const left = start + wait.timeout - now;
    if (left <= 0) {
      throw new WaitError(
        `Waiting for ${wait.resource}`,
        `it is still ${current} after ${seconds(wait.timeout)}, not ${target}. ${wait.remedy}`,
      );
    }
    if (now - loggedAt >= PROGRESS_INTERVAL_MS) {
      log(`${wait.resource} is ${current}, waiting for ${target} (${seconds(now - start)})`);
      loggedAt = now;
    }
    await clock.sleep(Math.min(delay, left));
  }
}

const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;
