import { ReadableError } from "../aws/errors";
import type { Context } from "./lifecycle";

/** What a look at the cloud found: a status in AWS's words and, when it is worth telling, why. */
export interface Observation {
  status: string;
  detail?: string;
}

interface Wait {
  /** Names the resource in messages. */
  what: string;
  /** Statuses to go on waiting in; any other status than these and the targets has failed. */
  pending: readonly string[];
  target: readonly string[];
  timeout: number;
  /** What to do when the time is over. */
  remedy: string;
  observe(): Promise<Observation>;
}

/** A wait that ended otherwise than in a target status. */
export class WaitError extends ReadableError {
  override readonly name = "WaitError";
}

const FIRST_DELAY = 200;
const LONGEST_DELAY = 5_000;
const PROGRESS_EVERY = 15_000;

/**
 * Observes until a target status is seen.
 * @throws WaitError as soon as a status is neither pending nor a target, and when `timeout` milliseconds are over.
 */
export async function waitFor(wait: Wait, { clock, log }: Pick<Context, "clock" | "log">): Promise<void> {
  const start = clock.now().getTime();
  let loggedAt = start;
  for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
    const observation = await wait.observe();
    if (wait.target.includes(observation.status)) return;
    const seen = observation.detail ? `${observation.status} (${observation.detail})` : observation.status;
    const goal = wait.target.join(" or ");
    if (!wait.pending.includes(observation.status)) {
      throw new WaitError(`Waiting for ${wait.what}`, `it is ${seen}, not ${goal}.`);
    }
    const now = clock.now().getTime();
    const left = start + wait.timeout - now;
    if (left <= 0) {
      throw new WaitError(
        `Waiting for ${wait.what}`,
        `it is still ${seen} after ${seconds(wait.timeout)}, not ${goal}. ${wait.remedy}`,
      );
    }
    if (now - loggedAt >= PROGRESS_EVERY) {
      log(`${wait.what} is ${seen}, waiting for ${goal} (${seconds(now - start)})`);
      loggedAt = now;
    }
    await clock.sleep(Math.min(delay, left));
  }
}

const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;
