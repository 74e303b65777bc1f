import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import recorded from "../fixtures/engine/programs.expected.json";
import { OfflineEngine, PulumiEngine } from "./engines";
import { COMPARISONS } from "./programs";
import { runComparison } from "./runComparison";

const expected: Record<string, unknown> = recorded;
const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test.each(COMPARISONS)(
  "$name: both engines make the same calls and leave the same state",
  async (comparison) => {
    const { name, config = {} } = comparison;
    const offline = await runComparison(comparison, (world) => new OfflineEngine(world, config));
    const real = await runComparison(comparison, (world) => PulumiEngine.create(world, config, home));
    expect(real.map(({ observation }) => observation)).toEqual(expected[name]);
    expect(offline.map(({ details }) => details)).toEqual(real.map(({ details }) => details));
  },
);
