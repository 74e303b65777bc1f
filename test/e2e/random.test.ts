import fc from "fast-check";
import { replay } from "../seed";
import { lives } from "./events";
import { RandomScenario } from "./randomScenario";

/** Most lives run with the provider in this process: killing and starting one of its own takes seconds. */
const KINDS = [
  { provider: "in this process", inline: true, runs: 12 },
  { provider: "in a process that is killed, too", inline: false, runs: 3 },
];

/** A life takes a second or two. The rest is for shrinking a failure. */
const timeLimit = (runs: number) => 60_000 + runs * 10_000;

describe.each(KINDS)("a life with the provider $provider", ({ inline, runs }) => {
  const { numRuns = runs } = replay;
  /** Reused by the next life unless it failed, because opening one takes a second. */
  let reusable: RandomScenario | undefined;
  afterAll(() => reusable?.close());

  test(
    "loses and duplicates nothing, takes nothing of another's, asks nobody again without a reason, shows no secret",
    async () => {
      const property = fc.asyncProperty(lives(!inline), async (life) => {
        const scenario = reusable ?? (await RandomScenario.open(inline));
        reusable = undefined;
        try {
          await scenario.play(life);
        } catch (error) {
          await scenario.close();
          throw error;
        }
        reusable = scenario;
      });
      await fc.assert(property, { interruptAfterTimeLimit: timeLimit(numRuns), ...replay, numRuns });
    },
    timeLimit(numRuns) * 2,
  );
});
