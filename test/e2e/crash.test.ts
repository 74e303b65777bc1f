// Kills the provider process or the engine where a change can be interrupted; the next run must recover.

import { everyThird } from "../everyThird";
import { changesOf, FaultHarness } from "./faultHarness";
import { identitySource, walkedScenarios } from "./scenarios";

describe.each(walkedScenarios)("$title, whose provider is killed", (scenario) => {
  let harness: FaultHarness;
  beforeAll(async () => {
    // The provider of this process is given up on, and none of its calls reaches AWS any more.
    harness = await FaultHarness.open(scenario, { env: { AWS_MAX_ATTEMPTS: "1" }, by: "direct" });
  });
  afterAll(() => harness?.close());

  test.each(changesOf(scenario))("%s recovers after an effect", async (change) => {
    let requestsMade = 0;
    for (const point of everyThird(await harness.killPointsOf(change))) {
      await harness.prepare(change);
      const killed = harness.killProviderAt(point);
      const errors = await harness.perform(change);
      expect({ ...point, killed: killed(), errors }).toEqual({
        ...point,
        killed: true,
        errors: [expect.any(String)],
      });
      // The answer to CreateDelegationRequest is the only one that cannot be had again.
      if (point.operation === "CreateDelegationRequest" && point.phase === "after-effect") requestsMade++;
      await harness.recover(change, requestsMade);
    }
  });
});

describe.each(walkedScenarios)("$title, whose engine is killed", (scenario) => {
  let harness: FaultHarness;
  beforeAll(async () => {
    // Inline, because the provider is idle whenever the engine is killed.
    harness = await FaultHarness.open(scenario);
  });
  afterAll(() => harness?.close());

  test.each(changesOf(scenario))("%s recovers after a phase of a step", async (change) => {
    let requestsMade = 0;
    const moments = await harness.stepPhasesOf(change);
    expect(moments.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(["before", "after", "recorded"]),
    );
    for (const moment of everyThird(moments)) {
      await harness.prepare(change);
      await harness.performAndKillEngine(change, moment);
      if (moment.op.startsWith("create") && moment.phase === "after") requestsMade = 1;
      await harness.recover(change, requestsMade);
    }
  });
});

test("an identity source whose creation nobody recorded is found again even after a destroy", async () => {
  const harness = await FaultHarness.open(identitySource, { by: "process" });
  try {
    await harness.prepare("create");
    const point = { call: 0, operation: "CreateIdentitySource", phase: "after-effect" } as const;
    harness.killProviderAt(point);
    expect(await harness.perform("create")).toHaveLength(1);
    expect(await harness.perform("delete")).toEqual([]);
    expect(harness.fixture.sources()).toHaveLength(1);
    await harness.recover("create", 0);
  } finally {
    await harness.close();
  }
});
