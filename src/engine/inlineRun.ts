import { setTimeout as delay } from "node:timers/promises";
import { Semaphore } from "./concurrency";
import { mainProcess } from "./mainContext";

// Inline programs of one process share its handlers for uncaught errors and its environment: one at a time, or they
// would see each other's.
const slot = new Semaphore(1);

interface Tenure {
  env: Record<string, string>;
  users: number;
  over: Promise<void>;
  end(): void;
}

let tenure: Tenure | undefined;

/** Adds `env` to this process's environment while `act` lasts: beside others with that very object, after those with another. */
export async function inEnvironment<T>(env: Record<string, string>, act: () => Promise<T>): Promise<T> {
  while (tenure !== undefined && tenure.env !== env) await tenure.over;
  tenure ??= begin(env);
  const mine = tenure;
  mine.users++;
  try {
    return await act();
  } finally {
    mine.users--;
    if (mine.users === 0) {
      tenure = undefined;
      mine.end();
    }
  }
}

function begin(env: Record<string, string>): Tenure {
  const undo = mainProcess === process ? [] : [assign(mainProcess.env, { ...process.env, ...env })];
  undo.push(assign(process.env, env));
  let tell = () => {};
  const over = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const end = () => {
    for (const restore of undo) restore();
    tell();
  };
  return { env, users: 0, over, end };
}

/** @returns undoes it */
function assign(target: NodeJS.ProcessEnv, env: NodeJS.ProcessEnv): () => void {
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
  return slot.run(() => inEnvironment(env, () => hearingRejections(act)));
}

async function hearingRejections<T>(act: () => Promise<T>): Promise<T> {
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

export const STUCK = Symbol("stuck");

/** How long an inline program may take to end, or to declare more, after a rejection that nobody handles. */
const GRACE_MS = 1_000;

/**
 * What a program comes to, or that it is stuck: as a process it would end after a rejection that nobody handles, and here
 * whatever waits for what was rejected waits for ever. It is given up on once it does nothing more.
 */
export async function unlessStuck<T>(run: () => Promise<T>, busy: () => boolean): Promise<T | typeof STUCK> {
  const ours: NodeJS.EventEmitter = process;
  const listening = (["uncaughtException", "unhandledRejection"] as const).map(
    (event) => [event, new Set(ours.listeners(event))] as const,
  );
  let onRejection = () => {};
  const stuck = new Promise<void>((resolve) => {
    onRejection = resolve;
    ours.once("unhandledRejection", onRejection);
  }).then(async (): Promise<typeof STUCK> => {
    do await delay(GRACE_MS, undefined, { ref: false });
    while (busy());
    return STUCK;
  });
  const outcome = await Promise.race([run(), stuck]);
  ours.off("unhandledRejection", onRejection);
  if (outcome === STUCK) {
    // It leaves the SDK's listeners behind.
    for (const [event, known] of listening) {
      for (const listener of ours.listeners(event)) {
        if (!known.has(listener)) ours.off(event, listener as () => void);
      }
    }
  }
  return outcome;
}
