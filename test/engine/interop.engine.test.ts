import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OfflineEngine, PulumiEngine } from "./engines";
import { FileCloud } from "./fileCloud";
import { CONFIG, PROGRAM, UNCHANGED } from "./stateful";

let world: FileCloud;
let home: string;
beforeEach(() => {
  world = new FileCloud();
  world.setProgram(PROGRAM);
  home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
});
afterEach(() => {
  world.remove();
  rmSync(home, { recursive: true, force: true });
});

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
});
