import { LeftOut, runSteps, summaryOf } from "../../tools/steps";

const fine = { name: "Fine", run: async () => {} };
const lacking = {
  name: "The engine",
  run: async () => {
    throw new LeftOut("there is no go");
  },
};
const broken = {
  name: "Broken",
  run: async () => {
    throw new Error("jest ended with 1");
  },
};

test("runs all steps in order, whatever becomes of one, and says how each ended", async () => {
  const said: string[] = [];
  expect(await runSteps([broken, lacking, fine], (line) => said.push(line))).toEqual({
    passed: 1,
    failed: 1,
    leftOut: ["The engine: there is no go"],
  });
  expect(said).toEqual([
    "Broken …",
    "Broken: failed: jest ended with 1 (0 s)",
    "The engine …",
    "The engine: left out (0 s)",
    "Fine …",
    "Fine: passed (0 s)",
  ]);
});

test("lists at the end what steps and tests have left out, each once, and closes with the count", () => {
  const ran = { passed: 1, failed: 0, leftOut: ["The engine: there is no go"] };
  expect(summaryOf(ran, ["a browser: there is none", "a browser: there is none"])).toBe(
    [
      "Left out on this machine:",
      "- The engine: there is no go",
      "- a browser: there is none",
      "",
      "steps: 1 passed, 0 failed, 1 skipped",
    ].join("\n"),
  );
  expect(summaryOf({ passed: 3, failed: 1, leftOut: [] }, [])).toBe(
    "Nothing was left out.\n\nsteps: 3 passed, 1 failed, 0 skipped",
  );
});
