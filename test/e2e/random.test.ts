import fc from "fast-check";
import { replay } from "../seed";
import { happenings } from "./happenings";
import { RandomLife } from "./randomLife";

let life: RandomLife | undefined;
afterAll(() => life?.close());

/** One that went well is gone on with: a provider process takes a second to start. */
async function lifeToLive(): Promise<RandomLife> {
  const one = life ?? (await RandomLife.open());
  life = undefined;
  one.begin();
  return one;
}

const { numRuns = 12 } = replay;
/** A life takes a second. The rest is for making a failing one shorter. */
const TIME_LIMIT = 60_000 + numRuns * 10_000;

test(
  "whatever happens: nothing lost, nothing twice, nobody asked without a reason, nothing secret told",
  async () => {
    const property = fc.asyncProperty(happenings, async (all) => {
      const one = await lifeToLive();
      try {
        for (const next of all) await one.meet(next);
        await one.end();
      } catch (error) {
        await one.close();
        throw error;
      }
      life = one;
    });
    await fc.assert(property, { interruptAfterTimeLimit: TIME_LIMIT, ...replay, numRuns });
  },
  TIME_LIMIT * 2,
);
