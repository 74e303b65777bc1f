import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import recorded from "../../fixtures/engine/programs.expected.json";
import { type Engine, findPulumi, OfflineEngine, PulumiEngine } from "./engines";
import { type Observation, type Observed, observe } from "./observe";
import { COMPARISONS, type Comparison } from "./programs";
import { World } from "./world";

const expected = recorded as unknown as Record<string, Observation[]>;
const pulumi = findPulumi();
const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

if (pulumi === undefined) {
  process.stdout.write(
    "pulumi is not on the PATH: the offline engine is compared with what was recorded of it\n",
  );
}

async function play(
  comparison: Comparison,
  makeEngine: (world: World) => Promise<Engine>,
): Promise<Observed[]> {
  const world = new World();
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

/** Between them they have every message of the provider's protocol, and all that can stand in one. */
const THROUGH_A_PROCESS = [
  "secrets in config, nested, in outputs, by additionalSecretOutputs, and one that stops being one",
  "a failed initialization at create, then recovery",
  "a failed initialization at update, then recovery",
  "a plain failure of create, update and delete",
  "get, of something missing, and a resource that turns into a get and back",
  "check failures beside unknowns",
  "a provider text that changes, and providers that do not diff",
];

/** The paths in which the worlds of the two engines differ are none of the comparison. */
const details = (observed: Observed[]) => observed.map((one) => one.details);

describe.each(COMPARISONS)("$name", (comparison) => {
  test("does what Pulumi was recorded to do", async () => {
    const observed = await play(
      comparison,
      async (world) => new OfflineEngine(world, comparison.config ?? {}),
    );
    expect(observed.map(({ observation }) => observation)).toEqual(expected[comparison.name]);
  });

  if (THROUGH_A_PROCESS.includes(comparison.name)) {
    test("and so through a provider process", async () => {
      const observed = await play(
        comparison,
        async (world) => new OfflineEngine(world, comparison.config ?? {}, false),
      );
      expect(observed.map(({ observation }) => observation)).toEqual(expected[comparison.name]);
    });
  }

  if (pulumi !== undefined) {
    test("makes the same calls and leaves the same state as Pulumi", async () => {
      const offline = await play(
        comparison,
        async (world) => new OfflineEngine(world, comparison.config ?? {}),
      );
      const real = await play(comparison, (world) =>
        PulumiEngine.create(world, comparison.config ?? {}, home),
      );
      expect(real.map(({ observation }) => observation)).toEqual(expected[comparison.name]);
      expect(details(offline)).toEqual(details(real));
    }, 300_000);
  }
});
