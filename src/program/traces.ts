/**
 * Spares what follows call stacks, until they are resumed. Pulumi notes one with every property's promise, to tell who
 * left it open; under ts-node each is mapped to its sources, which took most of the time of a program with many requests.
 * `PULUMI_DEBUG_PROMISE_LEAKS`, which prints them, has them.
 *
 * @returns resumes them, and gives an error that was thrown meanwhile a stack all the same
 */
export function pauseTraces(): <E = undefined>(error?: E) => E | undefined {
  const { stackTraceLimit } = Error;
  if (!process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) Error.stackTraceLimit = 0;
  return (error) => {
    Error.stackTraceLimit = stackTraceLimit;
    if (error instanceof Error && stackTraceLimit > 0) Error.captureStackTrace(error);
    return error;
  };
}
