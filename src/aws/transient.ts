import { isThrottlingError } from "@smithy/core/retry";
import type { SdkError } from "@smithy/types";
import { isUnreachable, OperationError, ReadableError } from "./errors";

/** Whether the same call may succeed in a while: AWS was not reached, did not answer, was busy, or failed itself. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof OperationError)) return false;
  // A call that its credentials are obtained by.
  if (error.cause instanceof ReadableError) return isTransient(error.cause);
  const cause = error.cause as SdkError;
  return (cause.$metadata?.httpStatusCode ?? 0) >= 500 || isThrottlingError(cause) || isUnreachable(error);
}
