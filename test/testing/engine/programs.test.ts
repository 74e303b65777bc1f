import recorded from "../../fixtures/engine/programs.expected.json";
import { OfflineEngine } from "./engines";
import { play } from "./play";
import { COMPARISONS } from "./programs";

const expected: Record<string, unknown> = recorded;

test.each(COMPARISONS)("$name: does what Pulumi was recorded to do", async (comparison) => {
  const observed = await play(comparison, (world) => new OfflineEngine(world, comparison.config ?? {}));
  expect(observed.map(({ observation }) => observation)).toEqual(expected[comparison.name]);
});
