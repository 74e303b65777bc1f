import { setTimeout as delay } from "node:timers/promises";
import { Semaphore } from "./concurrency";
import { mainProcess } from "./mainContext";

// Inline programs share this process's environment and its handlers for uncaught errors, so they run one at a time.
const programSlot = new Semaphore(1);

/** The time during which one set of variables is added to this process's environment. */
interface EnvironmentLease {
  env: Record<string, string>;
  holders: number;
  released: Promise<void>;
  release(): void;
}

let currentLease: EnvironmentLease | undefined;

/** Adds `env` to this process's environment while `act` runs. Only calls with the same `env` object run concurrently. */
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

/** @returns a function that restores the previous values */
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
 * Runs an inline program alone in this process, with `env` added to the environment. Unhandled rejections go to the SDK's
 * handlers and not to those of a test runner, which would fail the test: Pulumi rejects every output of a resource that
 * could not be created.
 */
export function runExclusively<T>(env: Record<string, string>, act: () => Promise<T>): Promise<T> {
  return programSlot.run(() => inEnvironment(env, () => withRejectionsForwarded(act)));
}

async function withRejectionsForwarded<T>(act: () => Promise<T>): Promise<T> {
  // Jest's copy of `process`, on which the SDK listens, never receives events.
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
    // Node.js reports unhandled rejections after the current turn's microtasks, so wait for one turn.
    await new Promise((resolve) => setImmediate(resolve));
    mainProcess.off("unhandledRejection", forward);
    for (const listener of others) {
      mainProcess.on("unhandledRejection", listener);
    }
  }
}

/** A program that made no progress after an unhandled rejection, and what was rejected. */
export class Stalled {
  constructor(readonly reason: unknown) {}
}

/** How long an inline program may take, after an unhandled rejection, to end or to register another resource. */
const GRACE_MS = 1_000;

/**
 * Runs a program and returns {@link Stalled} if it makes no progress after an unhandled rejection. A program in its own process
 * would exit then; an inline one may wait forever for a value that was rejected.
 */
export async function runUnlessStalled<T>(run: () => Promise<T>, busy: () => boolean): Promise<T | Stalled> {
  const emitter: NodeJS.EventEmitter = process;
  const listenersBefore = (["uncaughtException", "unhandledRejection"] as const).map(
    (event) => [event, new Set(emitter.listeners(event))] as const,
  );
  let onRejection = (_reason: unknown) => {};
  const stalled = new Promise<unknown>((resolve) => {
    onRejection = resolve;
    emitter.once("unhandledRejection", onRejection);
  }).then(async (reason) => {
    do await delay(GRACE_MS, undefined, { ref: false });
    while (busy());
    return new Stalled(reason);
  });
  const outcome = await Promise.race([run(), stalled]);
  emitter.off("unhandledRejection", onRejection);
  if (outcome instanceof Stalled) {
    // The SDK removes its listeners only when the program ends.
    for (const [event, known] of listenersBefore) {
      for (const listener of emitter.listeners(event)) {
        if (!known.has(listener)) emitter.off(event, listener as () => void);
      }
    }
  }
  return outcome;
}
