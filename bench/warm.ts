import { iam } from "../src";
import { testStack } from "../src/testing";
import { asked } from "./request";
import { timed } from "./timed";

const RESOURCES = 10;
const RUNS = 15;

/** What a test of a small stack waits for, once the provider runs: rows of name and the median of milliseconds. */
export async function warmRows(): Promise<(string | number)[][]> {
  let odd = true;
  const stack = await testStack({
    program: () => {
      for (let i = 0; i < RESOURCES; i++) {
        new iam.DelegationRequest(`request-${i}`, { ...asked, renewWhen: odd && i === 0 ? ["EXPIRED"] : [] });
      }
    },
  });
  const median = async (act: () => Promise<unknown>) => {
    const times: number[] = [];
    while (times.length < RUNS) times.push(await timed(act));
    return times.sort((a, b) => a - b)[RUNS >> 1] as number;
  };
  try {
    const first = await timed(() => stack.up());
    const preview = await median(() => stack.preview());
    const unchanged = await median(() => stack.up());
    const changed = await median(() => {
      odd = !odd;
      return stack.up();
    });
    return [
      ["first up", first],
      ["preview", preview],
      ["unchanged up", unchanged],
      ["up that changes one", changed],
    ];
  } finally {
    await stack.close();
  }
}
