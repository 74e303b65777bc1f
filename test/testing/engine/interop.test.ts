import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPulumi, OfflineEngine, PulumiEngine } from "./engines";
import type { ProgramDescription } from "./fixtures/declare";
import { World } from "./world";

const CONFIG = { hidden: { value: "hush", secret: true as const } };
const PROGRAM: ProgramDescription = {
  resources: [
    { name: "a", inputs: { value: { $secretConfig: "hidden" } }, options: { protect: true } },
    { name: "g", kind: "group", inputs: { size: 1 } },
    {
      name: "b",
      inputs: { value: { $out: "a" } },
      options: { parent: "g", additionalSecretOutputs: ["out"] },
    },
    { name: "c", options: { get: "a-1", dependsOn: ["b"] } },
  ],
  outputs: { b: { $out: "b" } },
};
const UNCHANGED = { same: 4 };

let world: World;
let home: string;
beforeEach(() => {
  world = new World();
  world.setProgram(PROGRAM);
  home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
});
afterEach(() => {
  world.remove();
  rmSync(home, { recursive: true, force: true });
});

test("a state that was exported is taken by another offline stack, which finds nothing to change", async () => {
  const first = new OfflineEngine(world, CONFIG);
  expect((await first.run("up")).error).toBeUndefined();
  const second = new OfflineEngine(world, CONFIG);
  await second.load(await first.state());
  expect((await second.run("preview")).summary).toEqual(UNCHANGED);
  expect(await second.outputs()).toEqual({ b: { value: "b-1/a-1/hush", secret: true } });
  await Promise.all([first.close(), second.close()]);
});

if (findPulumi() === undefined) {
  process.stdout.write(
    "pulumi is not on the PATH: nothing is handed over between it and the offline engine\n",
  );
} else {
  test("a state written offline is taken by Pulumi, which finds nothing to change, and back", async () => {
    const offline = new OfflineEngine(world, CONFIG);
    const pulumi = await PulumiEngine.create(world, CONFIG, home);
    expect((await offline.run("up")).error).toBeUndefined();
    await pulumi.load(await offline.state());
    const preview = await pulumi.run("preview");
    expect(preview.error).toBeUndefined();
    expect(preview.summary).toEqual(UNCHANGED);
    expect(await pulumi.outputs()).toEqual(await offline.outputs());

    world.setProgram({ resources: [...PROGRAM.resources, { name: "d", inputs: { value: { $secret: 1 } } }] });
    expect((await pulumi.run("up")).error).toBeUndefined();
    await offline.load(await pulumi.state());
    expect((await offline.run("preview")).summary).toEqual({ same: 5 });
    await Promise.all([offline.close(), pulumi.close()]);
  }, 120_000);
}
