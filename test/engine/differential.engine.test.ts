import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertInTime } from "../assertInTime";
import { replay } from "../seed";
import { OfflineEngine, PulumiEngine } from "./engines";
import { FileCloud } from "./fileCloud";
import { type History, histories, runOf } from "./histories";
import { type Observed, observe } from "./observe";

const { numRuns = 5 } = replay;
/** A history takes the real engine some ten seconds. The rest is for making a failing one shorter. */
const TIME_LIMIT = 120_000 + numRuns * 20_000;

/** Plays the history on both engines, one event after the other, up to the first that they disagree on. */
async function compare({ config, events }: History, home: string): Promise<void> {
  const worlds = [new FileCloud(), new FileCloud()] as const;
  const engines = [
    new OfflineEngine(worlds[0], config),
    await PulumiEngine.create(worlds[1], config, home),
  ] as const;
  try {
    let before: Observed[] = [];
    for (const event of events) {
      const [offline, real] = [
        await observe(runOf(event), engines[0], worlds[0], before[0]?.resources),
        await observe(runOf(event), engines[1], worlds[1], before[1]?.resources),
      ];
      expect(compared(offline)).toEqual(compared(real));
      before = [offline, real];
    }
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
    for (const world of worlds) world.remove();
  }
}

const compared = ({ observation, details }: Observed) => ({ observation, details });

test(
  "the offline engine does what Pulumi does, whatever the program and whatever happens to it",
  async () => {
    const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
    const play = (history: History) => compare(history, home);
    await assertInTime(histories, play, { numRuns, timeLimit: TIME_LIMIT }).finally(() =>
      rmSync(home, { recursive: true, force: true }),
    );
  },
  TIME_LIMIT * 2,
);
