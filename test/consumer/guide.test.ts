import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Project } from "./project";

const guide = readFileSync(resolve(__dirname, "../../docs/testing.md"), "utf8");

/** The files that the guide shows, by name. */
const files = Object.fromEntries(
  [...guide.matchAll(/^```ts file=(\S+)\n(.*?)^```$/gms)].map(([, name = "", code = ""]) => [name, code]),
);

test("the guide's tests pass as they are written", async () => {
  expect(Object.keys(files)).toEqual([
    "stack.test.ts",
    "component.test.ts",
    "renewal.test.ts",
    "team.test.ts",
    "faults.test.ts",
    "crash.test.ts",
  ]);
  const project = await Project.create(files);
  try {
    const { code, output } = await project.jest("--maxWorkers=2");
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Tests:       6 passed") });
    expect(output).not.toContain("did not exit");
  } finally {
    await project.remove();
  }
});
