import type fc from "fast-check";
import { assertInTime } from "../assertInTime";
import { aThirdOf } from "../everyThird";
import { figure } from "../figure";
import { replay } from "../seed";

/** Where lives are played, one after the other. */
interface Stage<Events> {
  play(events: Events): Promise<void>;
  close(): Promise<void>;
}

/** A life takes a second or two. The rest is for shrinking a failure. */
const timeLimit = (runs: number) => 60_000 + runs * 10_000;

/** A slow machine plays fewer lives than it is to, which who asks for more of them should see. */
const isMeasured = process.env["FIGURES"] !== undefined || replay.numRuns !== undefined;

/** Tests that any life can be played. The stage is used again unless a life has failed, because opening one takes a second. */
export function testLives<Events>(
  title: string,
  { lives, open, runs }: { lives: fc.Arbitrary<Events>; open(): Promise<Stage<Events>>; runs: number },
): void {
  const { numRuns = aThirdOf(runs) } = replay;
  let reusable: Stage<Events> | undefined;
  let played = 0;
  afterAll(async () => {
    await reusable?.close();
    if (isMeasured) figure(`${title}: ${played} of ${numRuns} lives`);
  });

  test(
    title,
    async () => {
      const play = async (life: Events) => {
        const stage = reusable ?? (await open());
        reusable = undefined;
        try {
          await stage.play(life);
          played++;
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
