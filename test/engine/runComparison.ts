import type { Engine } from "./engines";
import { type Observed, observe } from "./observe";
import type { Comparison } from "./programs";
import { World } from "./world";

/** Executes the runs of a comparison on a new engine with an empty cloud. */
export async function runComparison(
  comparison: Comparison,
  makeEngine: (world: World) => Engine | Promise<Engine>,
): Promise<Observed[]> {
  const world = new World();
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
