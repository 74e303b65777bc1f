import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const running = new Set<ChildProcess>();
let exitHandlerInstalled = false;

function killAll(): void {
  for (const child of running) {
    child.kill("SIGKILL");
  }
}

function onSignal(signal: NodeJS.Signals): void {
  killAll();
  process.off(signal, onSignal);
  // Installing a listener disabled the default action. If nobody else listens, send the signal again to trigger it.
  if (process.listenerCount(signal) === 0) {
    process.kill(process.pid, signal);
  }
}

function installHandlers(): void {
  if (!exitHandlerInstalled) {
    exitHandlerInstalled = true;
    process.on("exit", killAll);
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    if (!process.listeners(signal).includes(onSignal)) {
      process.on(signal, onSignal);
    }
  }
}

function removeSignalHandlers(): void {
  if (running.size === 0) {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.off(signal, onSignal);
    }
  }
}

/** Starts a Node.js process that is killed when this process exits or receives a termination signal. */
export function startNode(args: string[], options: Pick<SpawnOptions, "cwd" | "env">): ChildProcess {
  installHandlers();
  const child = spawn(process.execPath, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => {
    running.delete(child);
    removeSignalHandlers();
  });
  return child;
}

/** Lets this process exit while the child is running; the child is then killed. */
export function unref(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream instanceof Socket) {
      stream.unref();
    }
  }
}

/** Kills a child and waits until it has exited and its output has been read. */
export async function stop(child: ChildProcess): Promise<void> {
  if (!running.has(child)) {
    return;
  }
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.ref();
  child.kill("SIGKILL");
  await closed;
}

export function onLine(stream: Readable | null, listener: (line: string) => void): void {
  if (stream !== null) {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", listener);
  }
}
