import type fc from "fast-check";
import { assertInTime } from "../assertInTime";
import { aThirdOf } from "../everyThird";
import { replay } from "../seed";

/** Where lives are played, one after the other. */
interface Stage<Events> {
  play(events: Events): Promise<void>;
  close(): Promise<void>;
}

/** A life takes a second or two. The rest is for shrinking a failure. */
const timeLimit = (runs: number) => 60_000 + runs * 10_000;

/** Tests that any life can be played. The stage is used again unless a life has failed, because opening one takes a second. */
export function testLives<Events>(
  title: string,
  { lives, open, runs }: { lives: fc.Arbitrary<Events>; open(): Promise<Stage<Events>>; runs: number },
): void {
  const { numRuns = aThirdOf(runs) } = replay;
  let reusable: Stage<Events> | undefined;
  afterAll(() => reusable?.close());

  test(
    title,
    async () => {
      const play = async (life: Events) => {
        const stage = reusable ?? (await open());
        reusable = undefined;
        try {
          await stage.play(life);
        } catch (error) {
          await stage.close();
          throw error;
        }
        reusable = stage;
      };
      await assertInTime(lives, play, { numRuns, timeLimit: timeLimit(numRuns) });
    },
    timeLimit(numRuns) * 2,
  );
}
