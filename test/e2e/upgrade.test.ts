import { ManualClock } from "../../src/testing";
import { AwsFixture } from "./awsFixture";
import { engines } from "./engines";
import { integrityErrors } from "./integrity";
import { programOf, stateOf, versions } from "./recordedStates";

const SECRET = "hush-hush";

describe.each(engines)("$title", (engine) => {
  test.each(versions)("the state that %s wrote is no change today, and can be destroyed", async (version) => {
    // AWS still has the identity source of the state, and no longer its requests and team.
    const state = stateOf(version);
    const { outputs = {} } =
      state.deployment.resources?.find(({ type }) => type.endsWith("IdentitySource")) ?? {};
    const { instanceArn, region } = outputs["iamIdentityCenter"] as Record<"instanceArn" | "region", string>;
    const created = new Date(String(outputs["creationTime"]));
    const fixture = await AwsFixture.open({ clock: new ManualClock(created) });
    await fixture.createSource(instanceArn, region);
    const stack = await engine.open({ program: programOf(version), env: fixture.env, inlineProvider: true });
    const run = async (operation: "preview" | "up" | "destroy") => {
      const { changes, errors } = await stack.run(operation);
      return { changes, errors };
    };
    try {
      await stack.load(state);

      expect(await run("preview")).toEqual({ changes: [], errors: [] });
      expect(await run("up")).toEqual({ changes: [], errors: [] });
      expect(await stack.outputs()).toEqual({
        portal: { value: expect.stringContaining("http"), secret: false },
        acme: { value: expect.stringContaining("/iam/"), secret: false },
        anyone: { value: expect.stringContaining("/iam/"), secret: true },
      });
      expect(integrityErrors(await stack.state(), [SECRET])).toEqual([]);

      expect(await run("destroy")).toEqual({
        changes: ["delete acme", "delete anyone", "delete people", "delete restores"],
        errors: [],
      });
      expect(fixture.sources()).toEqual([]);
    } finally {
      await stack.close();
      await fixture.close();
    }
  });
});
