import fc from "fast-check";
import { replay } from "./seed";

/** Tries a property on `numRuns` draws, or as many as there is time for: `timeLimit` in milliseconds. */
export async function assertInTime<Draw>(
  draws: fc.Arbitrary<Draw>,
  holds: (draw: Draw) => Promise<void>,
  { numRuns, timeLimit }: { numRuns: number; timeLimit: number },
): Promise<void> {
  let last = Promise.resolve();
  const property = fc.asyncProperty(draws, (draw) => {
    last = holds(draw);
    return last;
  });
  try {
    await fc.assert(property, { ...replay, numRuns, interruptAfterTimeLimit: timeLimit });
  } finally {
    // fast-check leaves the last one alone when the time is up, with the servers and processes that it has.
    await last.catch(() => {});
  }
}
