import fc from "fast-check";
import { replay } from "../seed";
import { events } from "./events";
import { RandomScenario } from "./randomScenario";

/** Reused by the next run unless it failed, because a provider process takes a second to start. */
let reusable: RandomScenario | undefined;
afterAll(() => reusable?.close());

async function openScenario(): Promise<RandomScenario> {
  const scenario = reusable ?? (await RandomScenario.open());
  reusable = undefined;
  scenario.begin();
  return scenario;
}

const { numRuns = 12 } = replay;
/** A run takes a second. The rest is for shrinking a failure. */
const TIME_LIMIT = 60_000 + numRuns * 10_000;

test(
  "any sequence of events: nothing lost or duplicated, no request made again without a reason, no secret shown",
  async () => {
    const property = fc.asyncProperty(events, async (sequence) => {
      const scenario = await openScenario();
      try {
        for (const event of sequence) await scenario.apply(event);
        await scenario.finish();
      } catch (error) {
        await scenario.close();
        throw error;
      }
      reusable = scenario;
    });
    await fc.assert(property, { interruptAfterTimeLimit: TIME_LIMIT, ...replay, numRuns });
  },
  TIME_LIMIT * 2,
);
