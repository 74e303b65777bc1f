import { setTimeout as pause } from "node:timers/promises";

/** Resolves once the process is gone; if it never goes, the test's own deadline tells. */
export async function gone(pid: number): Promise<void> {
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
