import { runInThisContext } from "node:vm";
import { Slots } from "./concurrency";

// Inline programs of one process share its handlers for uncaught errors and its environment: one at a time, or they
// would see each other's.
const slot = new Slots(1);

const EVENTS = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Lets an inline program have the process to itself: `env` is added to its environment, and a rejection that nobody
 * handles is the program's. A test runner would take it for a failure of its own: Pulumi rejects every output of a
 * resource that could not be made.
 */
export function alone<T>(env: Record<string, string>, act: () => Promise<T>): Promise<T> {
  return slot.run(async () => {
    const before = Object.keys(env).map((key) => [key, process.env[key]] as const);
    Object.assign(process.env, env);
    // Jest gives tests a copy of `process`, on which no event ever happens.
    const real: NodeJS.Process = runInThisContext("process");
    const others = real.listeners("unhandledRejection");
    const forward = (reason: unknown, promise: Promise<unknown>) => {
      if (real !== process) {
        process.emit("unhandledRejection", reason, promise);
      }
    };
    const ours: NodeJS.EventEmitter = process;
    const listenersBefore = EVENTS.map((event) => [event, ours.listeners(event)] as const);
    real.removeAllListeners("unhandledRejection");
    real.on("unhandledRejection", forward);
    try {
      return await act();
    } finally {
      // Rejections are told after the microtasks of the turn in which they went unhandled.
      await new Promise((resolve) => setImmediate(resolve));
      // Of a program that was given up on the SDK's listeners are left, and of any ours for giving it up.
      for (const [event, listeners] of listenersBefore) {
        for (const listener of ours.listeners(event)) {
          if (!listeners.includes(listener)) {
            ours.off(event, listener as () => void);
          }
        }
      }
      real.off("unhandledRejection", forward);
      for (const listener of others) {
        real.on("unhandledRejection", listener);
      }
      for (const [key, value] of before) {
        if (value === undefined) {
          delete process.env[key];
        } else {
          process.env[key] = value;
        }
      }
    }
  });
}
