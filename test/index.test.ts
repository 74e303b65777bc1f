import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** The packages that a process has loaded after each of the statements. */
function packagesAfter(...statements: string[]): Set<string>[] {
  const script = [
    "const loaded = [];",
    ...statements.map((one) => `${one}; loaded.push(Object.keys(require.cache));`),
  ];
  const report = `${script.join("\n")} process.stdout.write(JSON.stringify(loaded))`;
  const output = execFileSync(process.execPath, ["--eval", report], {
    cwd: join(__dirname, ".."),
    encoding: "utf8",
  });
  const loaded: string[][] = JSON.parse(output);
  const packageOf = (path: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [];
  return loaded.map((paths) => new Set(paths.flatMap(packageOf)));
}

const heavy = (packages: Set<string> = new Set()) =>
  [...packages].filter((name) =>
    /^(zod|sns-payload-validator|@pulumi\/aws|@(aws-sdk|smithy)\/.*)$/.test(name),
  );

test("importing the package loads Pulumi, and nothing that a program may not need; a notification zod alone", () => {
  const [imported, parsed] = packagesAfter(
    'const { iam } = require("./dist/index.js")',
    'iam.parseNotification("{}")',
  );
  expect(imported).toContain("@pulumi/pulumi");
  expect(heavy(imported)).toEqual([]);
  expect(heavy(parsed)).toEqual(["zod"]);
});
