import { OfflineEngine } from "./engines";
import { FileCloud } from "./fileCloud";
import { CONFIG, PROGRAM, UNCHANGED } from "./stateful";

test("a state that was exported is taken by another offline stack, which finds nothing to change", async () => {
  const world = new FileCloud();
  world.setProgram(PROGRAM);
  const first = new OfflineEngine(world, CONFIG);
  expect((await first.run("up")).error).toBeUndefined();
  const second = new OfflineEngine(world, CONFIG);
  await second.load(await first.state());
  expect((await second.run("preview")).summary).toEqual(UNCHANGED);
  expect(await second.outputs()).toEqual({ b: { value: "b-1/a-1/hush", secret: true } });
  await Promise.all([first.close(), second.close()]);
  world.remove();
});
