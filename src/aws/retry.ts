import { DefaultRateLimiter } from "@smithy/core/retry";
import type { RetryErrorInfo, RetryErrorType, RetryStrategyV2, RetryToken } from "@smithy/types";
import type { Clock } from "../clock";
import { formatDuration } from "../duration";
import { codeOf, ReadableError } from "./errors";

/** As often as the `aws` provider makes a call. */
const DEFAULT_MAX_ATTEMPTS = 25;
/**
 * The AWS SDK's default for all errors. With it a wrong address, or a machine without a network, fails soon, and so does what
 * AWS refuses while this machine's clock is wrong: the SDK then corrects the time and has any error's call made again.
 */
const FEW_ATTEMPTS = 3;
const NOBODY_THERE = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];
// The pauses of the AWS SDK's standard strategy: up to this long before the first retry, twice as long before each other.
const DELAY_MS = 50;
const THROTTLING_DELAY_MS = 1_000;
const MAX_DELAY_MS = 20_000;
/** Nobody is spared by a long pause. */
const MAX_OUTAGE_DELAY_MS = 2_000;
/** A hint of AWS's may lengthen a pause by this much. */
const MAX_HINT_MS = 5_000;
const PROGRESS_INTERVAL_MS = 15_000;

/** Where retries wait, and where they say so. */
export interface RetryContext {
  clock: Clock;
  /** Shows a line to the person who runs Pulumi. */
  log(line: string): void;
  /** Milliseconds for which an address is tried again at which nobody answers. Default: three tries, within a second. */
  outage?: number;
}

/** The settings of retries. */
export interface RetrySettings {
  /** How often a call is made in all. Default: 25, as in the `aws` provider. */
  maxAttempts?: number | undefined;
  /** Default: standard. */
  retryMode?: "standard" | "adaptive" | undefined;
}

/** The part of a client's configuration that says when it repeats a call. */
export function retryConfig(
  service: string,
  { maxAttempts = DEFAULT_MAX_ATTEMPTS, retryMode = "standard" }: RetrySettings,
  context: RetryContext,
) {
  return { maxAttempts, retryStrategy: new RetryStrategy(service, maxAttempts, retryMode, context) };
}

/** How the retries of one call are going. */
interface Retries extends RetryToken {
  /** When the first answer that had to be repeated came. */
  since?: number;
}

/**
 * Repeats what the AWS SDK's standard strategy repeats, with its pauses, and calls that failed because of a concurrent
 * modification. Like the `aws` provider, and unlike the SDK, it does not count the retries of all calls together: the SDK
 * gives up on a stack of many resources once a hundred calls have been throttled.
 */
class RetryStrategy implements RetryStrategyV2 {
  /** Only in the adaptive mode: slows all calls down to what AWS takes. */
  private readonly limiter: DefaultRateLimiter | undefined;
  private waiting = 0;
  private loggedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly service: string,
    private readonly maxAttempts: number,
    readonly mode: string,
    private readonly context: RetryContext,
  ) {
    if (mode === "adaptive") this.limiter = new DefaultRateLimiter();
  }

  async acquireInitialRetryToken(): Promise<Retries> {
    await this.limiter?.getSendToken();
    return retries(0);
  }

  /** @throws AWS's error when the call is not to be repeated */
  async refreshRetryTokenForRetry(token: Retries, info: RetryErrorInfo): Promise<Retries> {
    const errorType = typeOf(info);
    this.limiter?.updateClientSendingRate({ ...info, errorType });
    const count = token.getRetryCount() + 1;
    const now = this.context.clock.now().getTime();
    const since = token.since ?? now;
    if (count >= this.maxAttemptsAfter(info, errorType, now - since)) throw info.error;
    this.waiting++;
    this.logProgress(since, info);
    try {
      await this.context.clock.sleep(this.delay(token.getRetryCount(), info, errorType));
      await this.limiter?.getSendToken();
    } finally {
      this.waiting--;
    }
    return { ...retries(count), since };
  }

  recordSuccess(): void {
    this.limiter?.updateClientSendingRate({});
  }

  private maxAttemptsAfter({ error }: RetryErrorInfo, errorType: RetryErrorType, elapsed: number): number {
    if (errorType !== "THROTTLING" && errorType !== "TRANSIENT") return 1;
    const { $metadata } = error as { $metadata?: { clockSkewCorrected?: boolean } };
    const isOutage = NOBODY_THERE.includes(codeOf(error)) && elapsed >= (this.context.outage ?? 0);
    const few = isOutage || $metadata?.clockSkewCorrected;
    return few ? Math.min(this.maxAttempts, FEW_ATTEMPTS) : this.maxAttempts;
  }

  private delay(
    retriesBefore: number,
    { error, retryAfterHint }: RetryErrorInfo,
    errorType: RetryErrorType,
  ): number {
    const base = errorType === "THROTTLING" ? THROTTLING_DELAY_MS : DELAY_MS;
    const longest = NOBODY_THERE.includes(codeOf(error)) ? MAX_OUTAGE_DELAY_MS : MAX_DELAY_MS;
    const delay = Math.random() * Math.min(base * 2 ** retriesBefore, longest);
    const hint = (retryAfterHint?.getTime() ?? 0) - this.context.clock.now().getTime();
    return Math.max(delay, Math.min(hint, delay + MAX_HINT_MS));
  }

  private logProgress(since: number, { error }: RetryErrorInfo): void {
    const now = this.context.clock.now().getTime();
    if (now - since < PROGRESS_INTERVAL_MS || now - this.loggedAt < PROGRESS_INTERVAL_MS) return;
    this.loggedAt = now;
    const calls = this.waiting === 1 ? "1 call" : `${this.waiting} calls`;
    this.context.log(
      `${this.service} returned ${codeOf(error)}: retrying ${calls} for ${formatDuration(now - since)} so far, ` +
        `with up to ${this.maxAttempts} attempts each.`,
    );
  }
}

const retries = (count: number): Retries => ({ getRetryCount: () => count, getRetryDelay: () => 0 });

/**
 * The SDK's classification, with three exceptions. It takes IAM's LimitExceeded, a quota that is used up, for throttling. It
 * does not repeat a call that AWS refused since another one was changing the same thing, which IAM asks to repeat. And it
 * repeats one whose credentials could not be obtained, although the calls for them have had their own tries.
 */
function typeOf({ error, errorType }: RetryErrorInfo): RetryErrorType {
  const code = codeOf(error);
  if (code === "LimitExceeded" || error instanceof ReadableError) return "CLIENT_ERROR";
  if (/^Concurrent(Modification|Access|Update)$/.test(code)) return "TRANSIENT";
  return errorType;
}
