import timers from "node:timers/promises";
import { systemClock } from "../src/clock";

afterEach(() => jest.restoreAllMocks());

test("sleeps longer than a timer of Node.js can", async () => {
  const sleep = jest.spyOn(timers, "setTimeout").mockResolvedValue(undefined);
  await systemClock.sleep(60 * 86_400_000);
  const slept = sleep.mock.calls.map(([milliseconds = 0]) => milliseconds);
  expect(slept.reduce((sum, one) => sum + one, 0)).toBe(60 * 86_400_000);
  expect(Math.max(...slept)).toBeLessThan(2 ** 31);
});

test("a sleep of nothing lets others run", async () => {
  const order: string[] = [];
  const timer = new Promise<void>((resolve) => {
    setTimeout(() => {
      order.push("timer");
      resolve();
    }, 0);
  });
  await systemClock.sleep(0);
  order.push("slept");
  await timer;
  expect(order).toEqual(["timer", "slept"]);
});

test("a sleep ends when it is aborted", async () => {
  const controller = new AbortController();
  const asleep = systemClock.sleep(60 * 86_400_000, controller.signal);
  controller.abort();
  await expect(asleep).rejects.toMatchObject({ name: "AbortError" });
});
