// Lets calls of a change fail, one at a time; the next run must recover.

import type { Fault } from "../../src/emulator";
import { everyThird } from "../everyThird";
import { type Change, changesOf, FaultHarness } from "./faultHarness";
import { identitySource, walkedScenarios } from "./scenarios";

const FAULTS: { title: string; phase: "before-effect" | "after-effect"; fault: Fault }[] = [
  { title: "dropped before its effect", phase: "before-effect", fault: { drop: true } },
  { title: "dropped after its effect", phase: "after-effect", fault: { drop: true } },
  {
    title: "answered 500 after its effect",
    phase: "after-effect",
    fault: { error: { status: 500, code: "InternalServerException" } },
  },
  // The errors that lifecycles take for an answer of AWS's.
  ...[
    { status: 403, code: "AccessDeniedException" },
    { status: 402, code: "ServiceQuotaExceededException" },
  ].map((error) => ({
    title: `answered ${error.status}`,
    phase: "before-effect" as const,
    fault: { error },
  })),
];

/** Injects the fault at points of the change in turn, and each time makes the change again. */
async function recoverAtPoints(
  harness: FaultHarness,
  change: Change,
  { phase, fault }: Pick<(typeof FAULTS)[number], "phase" | "fault">,
): Promise<void> {
  const points = (await harness.callPointsOf(change)).filter((point) => point.phase === phase);
  for (const point of everyThird(points)) {
    await harness.prepare(change);
    const injected = harness.injectAt(point, () => fault);
    await harness.perform(change);
    expect({ ...point, injected: injected() }).toEqual({ ...point, injected: true });
    // Only the answer to a create has an id that the state needs; that of a request cannot be had again.
    const lost = /^(Create|Associate)/.test(point.operation) && phase === "after-effect";
    if (!lost) harness.expectNothingLost();
    await harness.recover(change, lost ? 1 : 0);
  }
}

describe.each(walkedScenarios)("$title", (scenario) => {
  describe.each([
    { title: "without retries", env: { AWS_MAX_ATTEMPTS: "1" }, faults: FAULTS },
    {
      title: "with the SDK's retries",
      env: { AWS_MAX_ATTEMPTS: "3" },
      faults: FAULTS.filter(({ phase }) => phase === "after-effect"),
    },
  ])("$title", ({ env, faults }) => {
    let harness: FaultHarness;
    beforeAll(async () => {
      harness = await FaultHarness.open(scenario, { env, by: "direct" });
    });
    afterAll(() => harness?.close());

    describe.each(faults)("a call that is $title", (fault) => {
      test.each(changesOf(scenario))("at points of %s: the next run recovers", (change) =>
        recoverAtPoints(harness, change, fault),
      );
    });
  });
});

// Program and process are the same for every resource.
describe("IdentitySource with a program and a provider process", () => {
  let harness: FaultHarness;
  beforeAll(async () => {
    harness = await FaultHarness.open(identitySource, { env: { AWS_MAX_ATTEMPTS: "1" }, by: "process" });
  });
  afterAll(() => harness?.close());

  test("the state has what it has without them", async () => {
    const direct = await FaultHarness.open(identitySource, { by: "direct" });
    try {
      for (const one of [direct, harness]) await one.prepare("update");
      expect(direct.recordedResource()).toEqual(harness.recordedResource());
    } finally {
      await direct.close();
    }
  });

  test.each(changesOf(identitySource))(
    "an answer that is lost at any point of %s: the next run recovers",
    (change) => recoverAtPoints(harness, change, { phase: "after-effect", fault: { drop: true } }),
  );
});
