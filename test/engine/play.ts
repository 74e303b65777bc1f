import type { Engine } from "./engines";
import { FileCloud } from "./fileCloud";
import { type Observed, observe } from "./observe";
import type { Comparison } from "./programs";

/** Runs what is to be compared on an engine, in a world of its own. */
export async function play(
  comparison: Comparison,
  makeEngine: (world: FileCloud) => Engine | Promise<Engine>,
): Promise<Observed[]> {
  const world = new FileCloud();
  const engine = await makeEngine(world);
  try {
    const observed: Observed[] = [];
    for (const run of comparison.runs) {
      observed.push(await observe(run, engine, world, observed.at(-1)?.resources));
      const { error } = observed.at(-1) ?? {};
      // The first thing to know of a failure that nobody expected is its message.
      expect(error ?? "").toMatch(run.fails ?? /^$/);
    }
    return observed;
  } finally {
    await engine.close();
    world.remove();
  }
}
