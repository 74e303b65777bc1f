import type { ResourceDeclaration } from "../../src/provider/properties";
import type { Engine, Stack } from "./engines";
import { flawsOf } from "./integrity";
import { SECRET_KEY, World } from "./world";

/** Something that happens outside of Pulumi, what a refresh shows of it, and what the next up does about it. */
export interface Event {
  title: string;
  act(world: World): Promise<unknown>;
  refresh: string[];
  up: string[];
}

/** What a kind of resource goes through. */
export interface Life<Args> {
  title: string;
  declare(args: Args, name: string): object;
  declaration: ResourceDeclaration;
  args: Args;
  /** Differs from `args` in what changes in place. */
  updated: Args;
  /** Differs from `updated` in what asks for another resource. */
  replaced: Args;
  /** The steps of a replacement, and what asks for the first one. */
  replacement: string[];
  replaceKeys: string[];
  /** Every one that AWS has of it, oldest first, as other clients of AWS see it. */
  there(world: World): Promise<unknown[]>;
  /** The ids of the same. */
  ids(world: World): string[];
  /** One as it should be there for these arguments. */
  wanted(args: Args): unknown;
  /** What deleting does: AWS cannot take a request back, so those only lapse. */
  deleting: "deletes" | "forgets";
  events: Event[];
  /** Arguments that ask for another one, and what makes its creation fail. */
  failure: { args: Args; begin(world: World): void; end(world: World): void; error: RegExp };
}

/** Drives a resource through its life on an engine, a test for each step. */
export function live<Args>(engine: Engine, life: Life<Args>): void {
  let world: World;
  let stack: Stack;
  let args = life.args;
  /** What was asked of AWS since the beginning. */
  const asked: Args[] = [];

  beforeAll(async () => {
    world = await World.open();
    stack = await engine.open({ program: () => life.declare(args, "it"), env: world.env });
  });
  afterAll(async () => {
    await stack?.close();
    await world?.close();
  });

  const step = (title: string, act: () => Promise<void>) =>
    test(title, async () => {
      await act();
      expect(flawsOf(await stack.state(), [SECRET_KEY])).toEqual([]);
    });
  const run = async (operation: "preview" | "up" | "refresh" | "destroy", changes: string[]) => {
    const result = await stack.run(operation);
    expect({ errors: result.errors, changes: result.changes }).toEqual({ errors: [], changes });
    return result;
  };
  const idInState = async () => (await stack.state()).resources?.find(({ urn }) => urn.endsWith("::it"))?.id;
  const agrees = async () => {
    const living = life.deleting === "deletes" ? asked.slice(-1) : asked;
    expect(await life.there(world)).toEqual(living.map(life.wanted));
    expect(await idInState()).toBe(life.ids(world).at(-1));
  };
  const unchanged = (...operations: ("preview" | "up" | "refresh")[]) => {
    for (const operation of operations) {
      step(`${operation}: no change`, async () => {
        await run(operation, []);
        await agrees();
      });
    }
  };

  test("preview: one to create, and nothing done", async () => {
    await run("preview", ["create it"]);
    expect(await life.there(world)).toEqual([]);
  });
  step("up: created", async () => {
    await run("up", ["create it"]);
    asked.push(args);
    await agrees();
  });
  unchanged("preview", "up", "refresh", "preview");

  step("up: updated in place", async () => {
    args = life.updated;
    await run("preview", ["update it"]);
    await run("up", ["update it"]);
    asked[0] = args;
    await agrees();
  });
  step("preview: to be replaced, and why", async () => {
    args = life.replaced;
    expect((await run("preview", life.replacement)).replaceKeys).toEqual(life.replaceKeys);
    await agrees();
  });
  step("up: replaced", async () => {
    await run("up", life.replacement);
    asked.push(args);
    await agrees();
  });
  unchanged("preview");

  for (const event of life.events) {
    step(`${event.title}: refresh shows it`, async () => {
      await event.act(world);
      await run("refresh", event.refresh);
    });
    step(`${event.title}: up ${event.up.length > 0 ? "makes good" : "leaves it"}`, async () => {
      await run("up", event.up);
      if (life.deleting === "forgets" && event.up.length > 0) asked.push(args);
      await agrees();
    });
  }

  step("a create that fails: said, and nothing lost", async () => {
    args = life.failure.args;
    life.failure.begin(world);
    const { errors } = await stack.run("up");
    life.failure.end(world);
    expect(errors).toEqual([expect.stringMatching(life.failure.error)]);
    expect(await idInState()).toBe(life.ids(world).at(-1));
  });
  step("up: recovered", async () => {
    await run("up", life.replacement);
    asked.push(args);
    await agrees();
  });
  unchanged("preview", "refresh");

  step("destroy: none left in the stack", async () => {
    await run("destroy", ["delete it"]);
    expect((await stack.state()).resources ?? []).toEqual([]);
    const left = life.deleting === "deletes" ? [] : asked.map(life.wanted);
    expect(await life.there(world)).toEqual(left);
  });
  step("refresh of the empty stack", async () => void (await run("refresh", [])));
}
