import { EngineError } from "./errors";
import { mainTimers } from "./mainContext";

/** How long fake timers may stand still. A test runner's own limit is usually five seconds. */
const PROBE_MS = 2_000;

/** gRPC waits for these; with fakes that nobody advances, an operation would never end. */
const timers = (): Record<string, (callback: () => void) => unknown> => ({
  "process.nextTick": process.nextTick,
  setImmediate,
  queueMicrotask,
});

/** Jest's and Vitest's fakes come from `@sinonjs/fake-timers`, which gives them a `clock`; Jest's legacy ones are mocks. */
const isFake = (timer: object): boolean => "clock" in timer || "_isMockFunction" in timer;

/** @throws EngineError when a test has replaced the timers and does not advance them */
export async function requireRunningTimers(): Promise<void> {
  const fakes = Object.entries(timers()).filter(([, timer]) => isFake(timer));
  if (fakes.length === 0) return;
  const fired = Promise.all(fakes.map(([, timer]) => new Promise<void>((resolve) => void timer(resolve))));
  if (await settlesInTime(fired)) return;
  const names = fakes.map(([name]) => name).join(", ");
  throw new EngineError(
    `${names}: fake timers do not advance, and an operation of a stack waits for them. Call useRealTimers() first, advance ` +
      "them (jest.useFakeTimers({ advanceTimers: true }), vi.useFakeTimers({ shouldAdvanceTime: true })), or fake fewer functions: " +
      'jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] }).',
  );
}

async function settlesInTime(promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = mainTimers.setTimeout(() => resolve(false), PROBE_MS);
  });
  try {
    return await Promise.race([promise.then(() => true), timeout]);
  } finally {
    mainTimers.clearTimeout(timer);
  }
}
