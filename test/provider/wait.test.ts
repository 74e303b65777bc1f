import { waitFor } from "../../src/provider/wait";

/** A clock that only sleeping moves. */
function sleepingClock() {
  let now = 0;
  return {
    now: () => new Date(now),
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

function waiting(statuses: string[], timeout = 60_000, more: { forPeople?: boolean } = {}) {
  const clock = sleepingClock();
  const said: string[] = [];
  let looks = 0;
  const done = waitFor(
    {
      resource: "Thing t",
      pending: ["CREATING"],
      target: ["ACTIVE"],
      timeout,
      remedy: "Run again.",
      ...more,
      observe: async () => {
        const status = statuses[Math.min(looks++, statuses.length - 1)] as string;
        return { status, detail: status === "ERROR" ? "ACCESS_DENIED: no" : undefined };
      },
    },
    { clock, log: (line) => said.push(line) },
  );
  return { done, said, clock, looks: () => looks };
}

test("ends with the target, without a sleep when it is there already", async () => {
  const there = waiting(["ACTIVE"]);
  await there.done;
  expect(there.clock.now().getTime()).toBe(0);

  const later = waiting(["CREATING", "CREATING", "ACTIVE"]);
  await later.done;
  expect(later.looks()).toBe(3);
});

test("ends at once on a status that is neither, with code and message", async () => {
  const { done, looks } = waiting(["CREATING", "ERROR"]);
  await expect(done).rejects.toThrow("Waiting for Thing t: it is ERROR (ACCESS_DENIED: no), not ACTIVE.");
  expect(looks()).toBe(2);
});

test("gives up at the deadline, after a last look", async () => {
  const { done, clock } = waiting(["CREATING"], 7_000);
  await expect(done).rejects.toThrow(
    "Waiting for Thing t: it is still CREATING after 7 s, not ACTIVE. Run again.",
  );
  expect(clock.now().getTime()).toBe(7_000);
});

test("looks every minute at the most when it waits for people", async () => {
  const { done, looks } = waiting(["CREATING"], 3_600_000, { forPeople: true });
  await expect(done).rejects.toThrow("after 3600 s");
  expect(looks()).toBeGreaterThan(60);
  expect(looks()).toBeLessThan(75);
});

test("says that it is still waiting, now and then", async () => {
  const { done, said } = waiting(["CREATING"], 60_000);
  await expect(done).rejects.toThrow("after 60 s");
  expect(said[0]).toMatch(/^Thing t is CREATING, waiting for ACTIVE \(\d+ s\)$/);
  expect(said.length).toBeGreaterThan(1);
  expect(said.length).toBeLessThan(5);
});
