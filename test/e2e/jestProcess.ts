import { runInThisContext } from "node:vm";

/**
 * Lets Pulumi's language server see the rejections that it listens for while an inline program runs. Jest gives tests a
 * copy of `process` on which no event ever happens, and takes the real one's rejections for failures of the test.
 */
export async function withProcessEvents<T>(act: () => Promise<T>): Promise<T> {
  const real: NodeJS.Process = runInThisContext("process");
  const listeners = real.listeners("unhandledRejection");
  const forward = (reason: unknown, promise: Promise<unknown>) => {
    process.emit("unhandledRejection", reason, promise);
  };
  real.removeAllListeners("unhandledRejection");
  real.on("unhandledRejection", forward);
  try {
    return await act();
  } finally {
    // Rejections are told after the microtasks of the turn in which they went unhandled.
    await new Promise((resolve) => setImmediate(resolve));
    real.off("unhandledRejection", forward);
    for (const listener of listeners) real.on("unhandledRejection", listener);
  }
}
