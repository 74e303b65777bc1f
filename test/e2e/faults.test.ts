import type { Fault } from "../../src/testing/emulator";
import { changesOf, Lab } from "./lab";
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
      lab = await Lab.open(life, { env });
    });
    afterAll(() => lab?.close());

    describe.each(faults)("a call that is $title", ({ phase, fault }) => {
      test.each(changesOf(life))("at every point of %s is made good by the next run", async (change) => {
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
      });
    });
  });
});
