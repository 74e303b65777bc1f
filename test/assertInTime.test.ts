import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { assertInTime } from "./assertInTime";

test("a draw that is tried when the time is up is waited for", async () => {
  let begun = 0;
  let ended = 0;
  const endLater = async () => {
    begun += 1;
    if (begun > 1) await delay(100);
    ended += 1;
  };
  await assertInTime(fc.constant(1), endLater, { numRuns: 3, timeLimit: 50 });
  expect([begun, ended]).toEqual([2, 2]);
});

test("a property that does not hold fails", async () => {
  const fail = async () => {
    throw new Error("never holds");
  };
  const asserted = assertInTime(fc.constant(1), fail, { numRuns: 1, timeLimit: 60_000 });
  await expect(asserted).rejects.toThrow(/Property failed/);
});
