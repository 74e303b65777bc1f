import { setTimeout as delay } from "node:timers/promises";
import { Semaphore } from "./concurrency";
import { mainProcess } from "./mainContext";

// Inline programs of one process share its handlers for uncaught errors and its environment: one at a time, or they
// would see each other's.
const programSlot = new Semaphore(1);

interface EnvironmentLease {
  env: Record<string, string>;
  holders: number;
  released: Promise<void>;
  release(): void;
}

let currentLease: EnvironmentLease | undefined;

/** Adds `env` to this process's environment while `act` lasts: beside others with that very object, after those with another. */
export async function inEnvironment<T>(env: Record<string, string>, act: () => Promise<T>): Promise<T> {
  while (currentLease !== undefined && currentLease.env !== env) await currentLease.released;
  currentLease ??= acquireEnvironment(env);
  const lease = currentLease;
  lease.holders++;
  try {
    return await act();
  } finally {
    lease.holders--;
    if (lease.holders === 0) {
      currentLease = undefined;
      lease.release();
    }
  }
}

function acquireEnvironment(env: Record<string, string>): EnvironmentLease {
  const undo =
    mainProcess === process ? [] : [assignEnvironment(mainProcess.env, { ...process.env, ...env })];
  undo.push(assignEnvironment(process.env, env));
  let signalReleased = () => {};
  const released = new Promise<void>((resolve) => {
    signalReleased = resolve;
  });
  const release = () => {
    for (const restore of undo) restore();
    signalReleased();
  };
  return { env, holders: 0, released, release };
}

/** @returns undoes it */
function assignEnvironment(target: NodeJS.ProcessEnv, env: NodeJS.ProcessEnv): () => void {
  const before = Object.keys(env).map((key) => [key, target[key]] as const);
  Object.assign(target, env);
  return () => {
    for (const [key, value] of before) {
      if (value === undefined) {
        delete target[key];
      } else {
        target[key] = value;
      }
    }
  };
}

/**
 * Lets an inline program have the process to itself: `env` is added to its environment, and a rejection that nobody
 * handles is the program's. A test runner would take it for a failure of its own: Pulumi rejects every output of a
 * resource that could not be made.
 */
export function runExclusively<T>(env: Record<string, string>, act: () => Promise<T>): Promise<T> {
  return programSlot.run(() => inEnvironment(env, () => withRejectionsForwarded(act)));
}

async function withRejectionsForwarded<T>(act: () => Promise<T>): Promise<T> {
  // On Jest's copy of `process` no event ever happens.
  const others = mainProcess.listeners("unhandledRejection");
  const forward = (reason: unknown, promise: Promise<unknown>) => {
    if (mainProcess !== process) {
      process.emit("unhandledRejection", reason, promise);
    }
  };
  mainProcess.removeAllListeners("unhandledRejection");
  mainProcess.on("unhandledRejection", forward);
  try {
    return await act();
  } finally {
    // Rejections are told after the microtasks of the turn in which they went unhandled.
    await new Promise((resolve) => setImmediate(resolve));
    mainProcess.off("unhandledRejection", forward);
    for (const listener of others) {
      mainProcess.on("unhandledRejection", listener);
    }
  }
}

export const STALLED = Symbol("stalled");

/** How long an inline program may take to end, or to declare more, after a rejection that nobody handles. */
const GRACE_MS = 1_000;

/**
 * What a program comes to, or that it is stuck: as a process it would end after a rejection that nobody handles, and here
 * whatever waits for what was rejected waits for ever. It is given up on once it does nothing more.
 */
export async function runUnlessStalled<T>(
  run: () => Promise<T>,
  busy: () => boolean,
): Promise<T | typeof STALLED> {
  const emitter: NodeJS.EventEmitter = process;
  const listenersBefore = (["uncaughtException", "unhandledRejection"] as const).map(
    (event) => [event, new Set(emitter.listeners(event))] as const,
  );
  let onRejection = () => {};
  const stalled = new Promise<void>((resolve) => {
    onRejection = resolve;
    emitter.once("unhandledRejection", onRejection);
  }).then(async (): Promise<typeof STALLED> => {
    do await delay(GRACE_MS, undefined, { ref: false });
    while (busy());
    return STALLED;
  });
  const outcome = await Promise.race([run(), stalled]);
  emitter.off("unhandledRejection", onRejection);
  if (outcome === STALLED) {
    // It leaves the SDK's listeners behind.
    for (const [event, known] of listenersBefore) {
      for (const listener of emitter.listeners(event)) {
        if (!known.has(listener)) emitter.off(event, listener as () => void);
      }
    }
  }
  return outcome;
}
