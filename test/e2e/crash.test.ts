import { type Change, changesOf, Lab } from "./lab";
import type { Life } from "./lifecycle";
import { identitySource, requestToAnyone } from "./lives";

const LIVES = [identitySource, requestToAnyone] as unknown as Life<unknown>[];

describe.each(LIVES)("$title", (life) => {
  let lab: Lab<unknown>;
  beforeAll(async () => {
    lab = await Lab.open(life);
  });
  afterAll(() => lab?.close());

  test.each(changesOf(life))("%s outlives the provider process, wherever it is killed", async (change) => {
    let requestsMade = 0;
    for (const point of await lab.pointsOf(change)) {
      await lab.prepare(change);
      const struck = lab.arm(point, () => lab.kill());
      const errors = await lab.perform(change);
      expect({ ...point, struck: struck(), errors }).toEqual({
        ...point,
        struck: true,
        errors: [expect.any(String)],
      });
      // Of all answers, that to a request is the one that nobody can get again.
      if (point.operation === "CreateDelegationRequest" && point.phase === "after-effect") requestsMade++;
      await lab.recover(change, requestsMade);
    }
  });

  test.each<{ change: Change; record: string; dieAt: number; requestsMade: number }>([
    { change: "create", record: "the new one", dieAt: 1, requestsMade: 1 },
    { change: "update", record: "the update", dieAt: 1, requestsMade: 0 },
    { change: "replace", record: "its first half", dieAt: 1, requestsMade: 1 },
    { change: "replace", record: "its second half", dieAt: 2, requestsMade: 0 },
    { change: "delete", record: "that it is gone", dieAt: 1, requestsMade: 0 },
  ])("$change outlives the engine, killed before it records $record", async (death) => {
    await lab.prepare(death.change);
    await lab.performAndDie(death.change, death.dieAt);
    await lab.recover(death.change, death.requestsMade);
  });
});

test("an identity source whose creation nobody recorded is found again even after a destroy", async () => {
  const lab = await Lab.open(identitySource);
  try {
    await lab.prepare("create");
    lab.arm({ call: 0, operation: "CreateIdentitySource", phase: "after-effect" }, () => lab.kill());
    expect(await lab.perform("create")).toHaveLength(1);
    expect(await lab.perform("delete")).toEqual([]);
    expect(lab.world.sources()).toHaveLength(1);
    await lab.recover("create", 0);
  } finally {
    await lab.close();
  }
});
