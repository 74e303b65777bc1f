import type { Engine } from "./engines";
import { FileCloud } from "./fileCloud";
import { type Observed, observe } from "./observe";
import type { Comparison } from "./programs";

/** Executes the runs of a comparison on a new engine with an empty cloud. */
export async function runComparison(
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
      // Check the error first, so that an unexpected failure shows its message.
      expect(error ?? "").toMatch(run.fails ?? /^$/);
    }
    return observed;
  } finally {
    await engine.close();
    world.remove();
  }
}
