import { throttledRows } from "../../bench/throttled";

test("a thousand requests go up under a limit of AWS's without help, each once", async () => {
  const figures = Object.fromEntries(await throttledRows());
  expect(figures).toMatchObject({ "requests made": 1000, "of them in the state": 1000 });
  expect(figures["throttled calls"]).toBeGreaterThan(100);
});
