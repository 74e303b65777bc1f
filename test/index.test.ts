import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** What a process has loaded that ran the script, by package. */
function packagesLoadedBy(script: string): Set<string> {
  const report = `${script}; process.stdout.write(JSON.stringify(Object.keys(require.cache)))`;
  const output = execFileSync(process.execPath, ["--require", "tsx/cjs", "--eval", report], {
    cwd: join(__dirname, ".."),
    encoding: "utf8",
  });
  const loaded: string[] = JSON.parse(output);
  return new Set(loaded.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
}

const heavy = (packages: Set<string>) =>
  [...packages].filter((name) =>
    /^(zod|sns-payload-validator|@pulumi\/aws|@(aws-sdk|smithy)\/.*)$/.test(name),
  );

test("importing the package loads Pulumi, and nothing that a program may not need", () => {
  const packages = packagesLoadedBy('require("./src/index.ts")');
  expect(packages).toContain("@pulumi/pulumi");
  expect(heavy(packages)).toEqual([]);
});

test("the first notification loads zod alone", () => {
  const packages = packagesLoadedBy('require("./src/index.ts").iam.parseNotification("{}")');
  expect(heavy(packages)).toEqual(["zod"]);
});
