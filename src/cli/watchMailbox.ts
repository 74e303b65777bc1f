import { timeoutError } from "../aws/deadline";
import { isTransient } from "../aws/transient";
import { systemClock } from "../clock";
import { mergeStatus, type NotifiedStatus } from "../mailbox/order";
import type { FindOptions } from "../mailbox/table";
import type { Mailbox } from "./mailboxes";
import { type Goal, type Outcome, outcomeOf } from "./outcome";

export interface WatchOptions {
  requestIds: readonly string[];
  goal: Goal;
  /** Milliseconds. With 0, what is in the queue now is taken, and the table is looked into. */
  timeout: number;
  /** Ends the watch. */
  abortSignal: AbortSignal;
  /** What is known without the mailbox, as from a stack. */
  known?(requestId: string): NotifiedStatus | undefined;
  /** Called once, when the table has been looked into. */
  onReached?(): void;
  /** Called once for each request of which something is known, and each time that it changes. */
  onChange?(requestId: string, status: NotifiedStatus): void;
  /** Shows a line to a person. */
  log(line: string): void;
}

/** How often the table is looked into while no message comes: others may have drained the queue. */
const LOOK_INTERVAL_MS = 2_000;
const POLL_SECONDS = 2;
/** How much longer than the timeout a step may take, and how long at most. */
const GRACE_MS = 5_000;
const MAX_STEP_MS = 120_000;
/** For how long after the timeout messages are taken that wait in the queue already. */
const BACKLOG_MS = 20_000;
const INITIAL_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

/**
 * Drains the queue and looks into the table until every request has an outcome, the timeout is over, or the signal is
 * aborted. Outages are waited out, with one warning each.
 *
 * @returns the outcomes; requests that nobody has decided are left out
 * @throws OperationError when AWS refuses, or was not reached at all
 */
export async function watchMailbox(mailbox: Mailbox, options: WatchOptions): Promise<Map<string, Outcome>> {
  const watch = new Watch(mailbox, options);
  await watch.run();
  return watch.outcomes;
}

class Watch {
  readonly outcomes = new Map<string, Outcome>();
  private readonly pending: Set<string>;
  private readonly statuses = new Map<string, NotifiedStatus>();
  private readonly start = performance.now();
  private lookedAt: number | undefined;

  constructor(
    private readonly mailbox: Mailbox,
    private readonly options: WatchOptions,
  ) {
    this.pending = new Set(options.requestIds);
  }

  async run(): Promise<void> {
    const { abortSignal, log } = this.options;
    let pause = 0;
    while (this.pending.size > 0 && !abortSignal.aborted) {
      try {
        if ((await this.limited((signal) => this.step(signal))) === "over") return;
        pause = 0;
      } catch (error) {
        if (abortSignal.aborted) return;
        if (!isTransient(error)) throw error;
        if (this.left() <= 0 && this.lookedAt === undefined) throw error;
        if (this.left() <= 0) return;
        if (pause === 0) log(`${(error as Error).message} Trying again until the timeout.`);
        pause = Math.min(pause * 2 || INITIAL_PAUSE_MS, MAX_PAUSE_MS);
        await this.rest(pause);
      }
    }
  }

  /** The first looks into the table, each other takes messages before. */
  private async step(abortSignal: AbortSignal): Promise<"over" | undefined> {
    if (this.lookedAt === undefined) {
      await this.mailbox.locate({ abortSignal });
      await this.look({ consistentRead: true, abortSignal });
      this.options.onReached?.();
      return undefined;
    }
    // With a wait of 0, SQS would ask only some of its servers.
    const waitSeconds = Math.max(1, Math.min(POLL_SECONDS, Math.ceil(this.left() / 1_000)));
    const saved = await this.mailbox.drain(waitSeconds, { abortSignal });
    const isOurs = [...(saved ?? [])].some((id) => this.pending.has(id));
    const isOver = this.left() <= (saved ? -BACKLOG_MS : 0);
    const isDue = saved === undefined || performance.now() - this.lookedAt > LOOK_INTERVAL_MS;
    if (isOurs || isOver || isDue) await this.look({ consistentRead: isOurs || isOver, abortSignal });
    if (isOver) return "over";
    // Who may not drain has not waited for messages.
    if (!this.mailbox.mayDrain && this.pending.size > 0) await this.rest(POLL_SECONDS * 1_000);
    return undefined;
  }

  /** Looks into the table for the requests without an outcome. */
  private async look(find: FindOptions): Promise<void> {
    const { known, goal, onChange } = this.options;
    const records = await (await this.mailbox.table()).findStates(this.pending, find);
    this.lookedAt = performance.now();
    const now = this.mailbox.clients.now();
    for (const id of this.pending) {
      const status = merged(known?.(id), records.get(id));
      if (status === undefined) continue;
      if (JSON.stringify(status) !== JSON.stringify(this.statuses.get(id))) onChange?.(id, status);
      this.statuses.set(id, status);
      const outcome = outcomeOf(status, goal, now);
      if (outcome === undefined) continue;
      this.outcomes.set(id, outcome);
      this.pending.delete(id);
    }
  }

  /** Milliseconds until the timeout. */
  private left(): number {
    return this.options.timeout - (performance.now() - this.start);
  }

  /** Ends a step when the watch is ended, and soon after the timeout. */
  private async limited<T>(step: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    const { abortSignal } = this.options;
    const controller = new AbortController();
    const abort = () => controller.abort();
    const limit = Math.min(Math.max(0, this.left()) + GRACE_MS, MAX_STEP_MS);
    const timer = setTimeout(() => controller.abort(timeoutError("no answer before the timeout")), limit);
    abortSignal.addEventListener("abort", abort);
    try {
      return await step(controller.signal);
    } finally {
      clearTimeout(timer);
      abortSignal.removeEventListener("abort", abort);
    }
  }

  private async rest(milliseconds: number): Promise<void> {
    const { abortSignal } = this.options;
    const time = Math.min(milliseconds, this.left());
    if (time > 0) await systemClock.sleep(time, abortSignal).catch(() => undefined);
  }
}

/** What the stack and the mailbox know together. */
function merged(
  inStack: NotifiedStatus | undefined,
  record: NotifiedStatus | undefined,
): NotifiedStatus | undefined {
  if (!inStack || !record) return record ?? inStack;
  const ownerAccountId = record.ownerAccountId ?? inStack.ownerAccountId;
  return { ...mergeStatus(inStack, record), ...(ownerAccountId && { ownerAccountId }) };
}
