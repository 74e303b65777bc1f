import { changesOf, Lab } from "./lab";
import type { Life } from "./lifecycle";
import { identitySource, requestToAnyone } from "./lives";

const LIVES = [identitySource, requestToAnyone] as unknown as Life<unknown>[];

describe.each(LIVES)("$title, whose provider process is killed", (life) => {
  let lab: Lab<unknown>;
  beforeAll(async () => {
    lab = await Lab.open(life, { by: "process" });
  });
  afterAll(() => lab?.close());

  test.each(changesOf(life))("%s outlives it, wherever that is", async (change) => {
    let requestsMade = 0;
    for (const point of await lab.killPointsOf(change)) {
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
});

describe.each(LIVES)("$title, whose engine dies", (life) => {
  let lab: Lab<unknown>;
  beforeAll(async () => {
    // The provider does nothing at the moments at which the engine dies.
    lab = await Lab.open(life);
  });
  afterAll(() => lab?.close());

  test.each(changesOf(life))("%s outlives it, whenever that is", async (change) => {
    let requestsMade = 0;
    const moments = await lab.momentsOf(change);
    expect(moments.map(({ phase: moment }) => moment)).toEqual(
      expect.arrayContaining(["before", "after", "recorded"]),
    );
    for (const moment of moments) {
      await lab.prepare(change);
      await lab.performAndDie(change, moment);
      if (moment.op.startsWith("create") && moment.phase === "after") requestsMade = 1;
      await lab.recover(change, requestsMade);
    }
  });
});

test("an identity source whose creation nobody recorded is found again even after a destroy", async () => {
  const lab = await Lab.open(identitySource, { by: "process" });
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
