const FAILURES = ["uncaughtException", "unhandledRejection"];

/**
 * Runs an operation of the Automation API, which leaves its listeners behind when the operation fails before its inline
 * program has ended. They would then take the failures of what runs next.
 */
export async function withoutListenersLeft<T>(operate: () => Promise<T>): Promise<T> {
  const before = FAILURES.map((event) => process.listeners(event as NodeJS.Signals));
  try {
    return await operate();
  } finally {
    for (const [index, event] of FAILURES.entries())
      for (const listener of process.listeners(event as NodeJS.Signals))
        if (!before[index]?.includes(listener)) process.off(event, listener);
  }
}
