import { setTimeout as pause } from "node:timers/promises";

/** Resolves when the process has ended. If it never ends, the test's timeout fails the test. */
export async function waitForExit(pid: number): Promise<void> {
  while (isAlive(pid)) await pause(10);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
