/**
 * Stops the recording of stack traces until the returned function is called. Pulumi records one with every property's
 * promise, to report promises that never settle; under ts-node each is mapped to its sources, which took most of the time
 * of a program with many requests. Does nothing when `PULUMI_DEBUG_PROMISE_LEAKS` asks for these reports.
 */
export function disableStackTraces(): () => void {
  const { stackTraceLimit } = Error;
  if (!process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) Error.stackTraceLimit = 0;
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
  };
}
