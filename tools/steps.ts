/** Why a step cannot be run on this machine. */
export class LeftOut extends Error {}

export interface Step {
  name: string;
  /** Rejects when it fails; with `LeftOut` when it cannot be run here. */
  run(): Promise<void>;
}

export interface Ran {
  passed: number;
  failed: number;
  /** The steps that were not run, with why. */
  leftOut: string[];
}

/** Runs the steps in order, all of them whatever becomes of one, and says how each ended and how long it took. */
export async function runSteps(steps: readonly Step[], say: (line: string) => void): Promise<Ran> {
  const ran: Ran = { passed: 0, failed: 0, leftOut: [] };
  for (const { name, run } of steps) {
    say(`${name} …`);
    const start = performance.now();
    const ending = await run().then(
      () => {
        ran.passed++;
        return "passed";
      },
      (error: Error) => {
        if (error instanceof LeftOut) {
          ran.leftOut.push(`${name}: ${error.message}`);
          return "left out";
        }
        ran.failed++;
        return `failed: ${error.message}`;
      },
    );
    say(`${name}: ${ending} (${Math.round((performance.now() - start) / 1000)} s)`);
  }
  return ran;
}

/** The last lines: everything that was left out, once, and the count. */
export function summaryOf({ passed, failed, leftOut }: Ran, more: readonly string[]): string {
  const lines = [...new Set([...leftOut, ...more])].map((line) => `- ${line}`);
  return [
    ...(lines.length === 0 ? ["Nothing was left out."] : ["Left out on this machine:", ...lines]),
    "",
    `steps: ${passed} passed, ${failed} failed, ${leftOut.length} skipped`,
  ].join("\n");
}
