import { everyThird } from "../everyThird";
import recorded from "../fixtures/engine/programs.expected.json";
import { OfflineEngine } from "./engines";
import { COMPARISONS } from "./programs";
import { runComparison } from "./runComparison";

const expected: Record<string, unknown> = recorded;

/** Together they use every message of the provider protocol and every kind of value. */
const THROUGH_A_PROCESS = [
  "secrets in config, nested, in outputs, by additionalSecretOutputs, and one that stops being one",
  "a failed initialization at create, then recovery",
  "a failed initialization at update, then recovery",
  "a plain failure of create, update and delete",
  "get, of something missing, and a resource that turns into a get and back",
  "check failures beside unknowns",
  "a provider text that changes, and providers that do not diff",
];

test.each(COMPARISONS)("$name: does what Pulumi was recorded to do", async (comparison) => {
  const observed = await runComparison(
    comparison,
    (world) => new OfflineEngine(world, comparison.config ?? {}),
  );
  expect(observed.map(({ observation }) => observation)).toEqual(expected[comparison.name]);
});

test.each(everyThird(COMPARISONS.filter(({ name }) => THROUGH_A_PROCESS.includes(name))))(
  "$name: and so through a provider process",
  async (comparison) => {
    const observed = await runComparison(
      comparison,
      (world) => new OfflineEngine(world, comparison.config ?? {}, false),
    );
    expect(observed.map(({ observation }) => observation)).toEqual(expected[comparison.name]);
  },
);
