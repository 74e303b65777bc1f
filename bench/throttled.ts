import { iam } from "../src";
import { startEmulator, testStack } from "../src/testing";
import { asked } from "./request";
import { timed } from "./timed";

const REQUESTS = 1000;
const OPERATION = "iam:CreateDelegationRequest";
const LIMIT = { burst: 20, perSecond: 20 };
/** Of Pulumi on 16 cores. */
const PARALLEL = 64;

/** An `up` of many requests under a limit of AWS's: rows of name and number. */
export async function throttledRows(): Promise<(string | number)[][]> {
  const emulator = await startEmulator({ rateLimits: { [OPERATION]: LIMIT } });
  const stack = await testStack({
    emulator,
    parallel: PARALLEL,
    env: { AWS_MAX_ATTEMPTS: "" },
    program: () => {
      for (let i = 0; i < REQUESTS; i++) new iam.DelegationRequest(`request-${i}`, asked);
    },
  });
  try {
    const up = await timed(() => stack.up());
    const made = [...emulator.store.delegationRequests.keys()];
    const kept = new Set(stack.resources().map(({ id }) => id));
    return [
      ["seconds", up / 1000],
      ["throttled calls", emulator.calls.filter(({ errorCode }) => errorCode === "Throttling").length],
      ["requests made", made.length],
      ["of them in the state", made.filter((id) => kept.has(id)).length],
    ];
  } finally {
    await stack.close();
    await emulator.close();
  }
}
