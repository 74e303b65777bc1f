// The lifecycle of a resource as a series of tests, one for each operation: created, updated, replaced, changed outside
// of Pulumi, failed and recovered, destroyed. After each the stack, AWS and the state file are compared.

import { AwsFixture, SECRET_KEY } from "./awsFixture";
import type { Engine, Stack } from "./engines";
import { integrityErrors } from "./integrity";
import type { Scenario, Variant } from "./scenario";
import { asked } from "./whoIsAsked";

export function testLifecycle(engine: Engine, scenario: Scenario, inlineProvider: boolean): void {
  let fixture: AwsFixture;
  let stack: Stack;
  let current = scenario.initial;
  /** What has been created in AWS, oldest first. */
  const created: Variant[] = [];

  beforeAll(async () => {
    fixture = await AwsFixture.open();
    await scenario.arrange?.(fixture);
    const program = () => current.declare("it");
    stack = await engine.open({ program, env: fixture.env, inlineProvider });
  });
  afterAll(async () => {
    await stack?.close();
    await fixture?.close();
  });

  const step = (title: string, act: () => Promise<void>) =>
    test(title, async () => {
      await act();
      expect(integrityErrors(await stack.state(), [SECRET_KEY])).toEqual([]);
    });
  const run = async (operation: "preview" | "up" | "refresh" | "destroy", changes: string[]) => {
    const result = await stack.run(operation);
    expect({ errors: result.errors, changes: result.changes }).toEqual({ errors: [], changes });
    return result;
  };
  const idInState = async () => (await stack.state()).resources?.find(({ urn }) => urn.endsWith("::it"))?.id;
  const expectInSync = async () => {
    const remaining = scenario.deletion === "deletes" ? created.slice(-1) : created;
    expect(await scenario.findAll(fixture)).toEqual(remaining.map(({ expected }) => expected));
    expect(await idInState()).toBe(scenario.remoteIds(fixture).at(-1));
  };
  const unchanged = (...operations: ("preview" | "up" | "refresh")[]) => {
    for (const operation of operations) {
      step(`${operation}: no change`, async () => {
        await run(operation, []);
        await expectInSync();
      });
    }
  };

  test("preview: one to create, and nothing done", async () => {
    await run("preview", ["create it"]);
    expect(await scenario.findAll(fixture)).toEqual([]);
  });
  step("up: created", async () => {
    await run("up", ["create it"]);
    created.push(current);
    await expectInSync();
  });
  unchanged("preview", "up", "refresh", "preview");

  step("up: updated in place", async () => {
    current = scenario.updated;
    for (const operation of ["preview", "up"] as const) {
      const { text } = await run(operation, ["update it"]);
      expect(asked(text)).toEqual(only(scenario.updateAsks));
    }
    created[0] = current;
    await expectInSync();
  });
  const { replacement } = scenario;
  if (replacement) {
    step("preview: to be replaced, and why", async () => {
      current = replacement.variant;
      const { replaceKeys, text } = await run("preview", replacement.steps);
      expect(replaceKeys).toEqual(replacement.keys);
      expect(asked(text)).toEqual(only(replacement.asks));
      await expectInSync();
    });
    step("up: replaced", async () => {
      const { text } = await run("up", replacement.steps);
      expect(asked(text)).toEqual(only(replacement.asks));
      created.push(current);
      await expectInSync();
    });
  }
  unchanged("preview");

  for (const { title, make, refresh, up, asks } of scenario.outsideChanges) {
    step(`${title}: refresh shows it`, async () => {
      fixture.age();
      await make(fixture);
      const { text } = await run("refresh", refresh);
      expect(asked(text)).toEqual([]);
    });
    step(`${title}: up ${up.length > 0 ? "corrects it" : "leaves it"}`, async () => {
      for (const operation of ["preview", "up"] as const) {
        const { text } = await run(operation, up);
        expect(asked(text)).toEqual(only(asks));
      }
      if (scenario.deletion === "forgets" && up.length > 0) created.push(current);
      await expectInSync();
    });
  }

  step("a change that fails: reported, and nothing lost", async () => {
    current = scenario.failure.variant;
    fixture.age();
    scenario.failure.begin(fixture);
    const { errors } = await stack.run("up");
    scenario.failure.end(fixture);
    expect(errors).toEqual([expect.stringMatching(scenario.failure.error)]);
    expect(await idInState()).toBe(scenario.remoteIds(fixture).at(-1));
  });
  step("up: recovered", async () => {
    fixture.age();
    await run("up", replacement?.steps ?? ["update it"]);
    created.push(current);
    await expectInSync();
  });
  unchanged("preview", "refresh");

  step("destroy: none left in the stack", async () => {
    await run("destroy", ["delete it"]);
    expect((await stack.state()).resources ?? []).toEqual([]);
    const remaining = scenario.deletion === "deletes" ? [] : created.map(({ expected }) => expected);
    expect(await scenario.findAll(fixture)).toEqual(remaining);
  });
  step("refresh of the empty stack", async () => void (await run("refresh", [])));
}

const only = (line: string | undefined): string[] => (line === undefined ? [] : [line]);
