import type { Fault } from "../../src/emulator";
import { type Change, changesOf, Lab } from "./lab";
import type { Life } from "./lifecycle";
import { identitySource, requestToAnyone } from "./lives";

const LIVES = [identitySource, requestToAnyone] as unknown as Life<unknown>[];

const FAULTS: { title: string; phase: "before-effect" | "after-effect"; fault: Fault }[] = [
  { title: "dropped before its effect", phase: "before-effect", fault: { drop: true } },
  { title: "dropped after its effect", phase: "after-effect", fault: { drop: true } },
  { title: "slow to be answered", phase: "after-effect", fault: { delayMs: 20 } },
  {
    title: "answered 500 after its effect",
    phase: "after-effect",
    fault: { error: { status: 500, code: "InternalServerException" } },
  },
  ...[
    { status: 500, code: "InternalServerException" },
    { status: 429, code: "ThrottlingException" },
    { status: 403, code: "AccessDeniedException" },
    { status: 402, code: "ServiceQuotaExceededException" },
  ].map((error) => ({
    title: `answered ${error.status}`,
    phase: "before-effect" as const,
    fault: { error },
  })),
];

/** Lets a call of the change go wrong at one point of it after the other, and each time makes the change again. */
async function walk(
  lab: Lab<unknown>,
  change: Change,
  { phase, fault }: Pick<(typeof FAULTS)[number], "phase" | "fault">,
): Promise<void> {
  const points = (await lab.pointsOf(change)).filter((point) => point.phase === phase);
  for (const point of points) {
    await lab.prepare(change);
    const struck = lab.arm(point, () => fault);
    await lab.perform(change);
    expect({ ...point, struck: struck() }).toEqual({ ...point, struck: true });
    // Of all answers, that to a create is the one that the stack must have, and a request's cannot be had again.
    const lost =
      point.operation.startsWith("Create") && phase === "after-effect" && fault.delayMs === undefined;
    if (!lost) lab.expectNothingLost();
    await lab.recover(change, lost ? 1 : 0);
  }
}

describe.each(LIVES)("$title", (life) => {
  describe.each([
    { title: "without retries", env: { AWS_MAX_ATTEMPTS: "1" }, faults: FAULTS },
    {
      title: "with the SDK's retries",
      env: { AWS_MAX_ATTEMPTS: "3" },
      faults: FAULTS.filter(({ phase, fault }) => phase === "after-effect" && fault.delayMs === undefined),
    },
  ])("$title", ({ env, faults }) => {
    let lab: Lab<unknown>;
    beforeAll(async () => {
      lab = await Lab.open(life, { env, by: "direct" });
    });
    afterAll(() => lab?.close());

    describe.each(faults)("a call that is $title", (fault) => {
      test.each(changesOf(life))("at every point of %s is made good by the next run", (change) =>
        walk(lab, change, fault),
      );
    });
  });

  describe("by a program and a provider process", () => {
    let lab: Lab<unknown>;
    beforeAll(async () => {
      lab = await Lab.open(life, { env: { AWS_MAX_ATTEMPTS: "1" }, by: "process" });
    });
    afterAll(() => lab?.close());

    test("the stack gets what it gets without them", async () => {
      const direct = await Lab.open(life, { by: "direct" });
      try {
        for (const one of [direct, lab]) await one.prepare("update");
        expect(direct.recorded()).toEqual(lab.recorded());
      } finally {
        await direct.close();
      }
    });

    test.each(changesOf(life))("an answer that is lost at any point of %s is made good", (change) =>
      walk(lab, change, { phase: "after-effect", fault: { drop: true } }),
    );
  });
});
