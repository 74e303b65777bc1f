import { call, type Remedies } from "./errors";
import { aroundCalls } from "./middleware";

/** What takes longer is given up, unless the call says otherwise: in milliseconds. */
export const CALL_TIMEOUT_MS = 15_000;

export interface DeadlineOptions {
  /** Ends the call before its deadline. */
  abortSignal?: AbortSignal | undefined;
  /** Milliseconds. Default: {@link CALL_TIMEOUT_MS}. */
  timeout?: number;
  remedies?: Remedies;
}

/**
 * Makes a call that ends at its deadline, whatever it hangs in: the server, the retries, or what its credentials come from.
 * @throws OperationError when it fails; its code is `TimeoutError` at the deadline, and that of the signal's reason, else
 * `AbortError`, when the signal ended it
 */
export function callWithin<T>(
  operation: string,
  resource: string,
  { abortSignal, timeout = CALL_TIMEOUT_MS, remedies }: DeadlineOptions,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  return call(operation, resource, () => withDeadline(timeout, abortSignal, send), remedies);
}

/** Gives every call of the client a deadline. @param timeout milliseconds */
export const limitCalls = <C extends object>(client: C, timeout: number): C =>
  aroundCalls(client, "limitCall", (next) => (args) => withDeadline(timeout, undefined, () => next(args)));

/** (`AbortSignal.any` would keep a part of every call for as long as the other signal lives, which may be days.) */
export async function withDeadline<T>(
  timeout: number,
  parent: AbortSignal | undefined,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => {
    const reason: unknown = parent?.reason;
    controller.abort(reason instanceof Error ? reason : named("AbortError", "the call was cancelled"));
  };
  const timer = setTimeout(() => controller.abort(timeoutError(`no answer in ${timeout / 1000} s`)), timeout);
  const aborted = new Promise<never>((_, reject) =>
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason)),
  );
  parent?.addEventListener("abort", abort);
  if (parent?.aborted) abort();
  try {
    return await Promise.race([aborted, send({ abortSignal: controller.signal })]);
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener("abort", abort);
  }
}

export const timeoutError = (message: string): Error => named("TimeoutError", message);

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
