import { constants } from "node:os";

/** Ends this process as the signal does that it has caught, or that its command died of, so that shells notice: they stop loops. */
export function endBySignal(signal: NodeJS.Signals): void {
  // Where a signal does not end a process, the exit code says it as shells do.
  process.exitCode = 128 + constants.signals[signal];
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Node.js would open a debugger, to which the credentials lie open. Any other program ends. */
export function closeDebugger(): void {
  process.once("SIGUSR1", () => endBySignal("SIGUSR1"));
}
