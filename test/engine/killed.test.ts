import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { createStack } from "../../src/engine";
import { everyThird } from "../everyThird";
import { waitForExit } from "../testing/waitForExit";
import { FileCloud } from "./fileCloud";
import declare from "./fixtures/declare";

let world: FileCloud;
beforeEach(() => {
  world = new FileCloud();
});
afterEach(() => world.remove());

/** Runs an `up` in a separate process, which is ended by `signal` during a create. */
async function upThatDies(stateFile: string, signal: NodeJS.Signals): Promise<void> {
  world.fail({ "create a": `parent ${signal}` });
  const child = spawn(
    process.execPath,
    [join(__dirname, "fixtures", "upOnce.js"), stateFile, world.project],
    { env: { ...process.env, WORLD: world.path }, stdio: "ignore" },
  );
  await once(child, "close");
  await waitForExit(Number(readFileSync(join(world.path, "provider.pid"), "utf8")));
  world.fail({});
}

test.each<NodeJS.Signals>(everyThird(["SIGKILL", "SIGTERM", "SIGINT"]))(
  "a run that dies by %s leaves no process, and the next one goes on from where it was",
  async (signal) => {
    const stateFile = join(world.path, "state.json");
    await upThatDies(stateFile, signal);
    const interrupted = JSON.parse(readFileSync(stateFile, "utf8")).deployment;
    expect(interrupted.pending_operations).toMatchObject([{ type: "creating" }]);

    const stack = createStack({
      ...{ stateFile, passphrase: "p", cwd: world.project, env: { WORLD: world.path } },
      program: () => declare(pulumi, { resources: [{ name: "a" }] }),
    });
    try {
      const { summary, diagnostics } = await stack.up();
      expect(summary).toEqual({ same: 1, create: 1 });
      expect(diagnostics.map(({ severity }) => severity)).toEqual(["warning"]);
      await stack.refresh({ clearPendingCreates: true });
      expect((await stack.up()).diagnostics).toEqual([]);
    } finally {
      await stack.close();
    }
    expect(existsSync(`${stateFile}.lock`)).toBe(false);
  },
);
