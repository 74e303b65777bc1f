import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** The files that a process has loaded after each of the statements. */
function filesAfter(...statements: string[]): string[][] {
  const script = [
    "const loaded = [];",
    ...statements.map((one) => `${one}; loaded.push(Object.keys(require.cache));`),
  ];
  const report = `${script.join("\n")} process.stdout.write(JSON.stringify(loaded))`;
  const output = execFileSync(process.execPath, ["--eval", report], {
    cwd: join(__dirname, ".."),
    encoding: "utf8",
  });
  return JSON.parse(output);
}

const packagesOf = (files: string[] = []): Set<string> =>
  new Set(files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));

const heavy = (packages: Set<string> = new Set()) =>
  [...packages].filter((name) =>
    /^(zod|sns-payload-validator|@pulumi\/aws|@(aws-sdk|smithy)\/.*)$/.test(name),
  );

test("importing the package loads Pulumi, and nothing that a program may not need; a notification zod alone", () => {
  const [imported, parsed] = filesAfter(
    'const { iam } = require("./dist/index.js")',
    'iam.parseNotification("{}")',
  ).map(packagesOf);
  expect(imported).toContain("@pulumi/pulumi");
  expect(heavy(imported)).toEqual([]);
  expect(heavy(parsed)).toEqual(["zod"]);
});

test("the plugin loads no SDK of AWS before a call, and of Pulumi's the stubs alone", () => {
  const [started] = filesAfter('require("./dist/provider/plugin/server.js")');
  const ofPulumi = started?.filter((file) => file.includes("/node_modules/@pulumi/")) ?? [];
  expect(ofPulumi).not.toEqual([]);
  expect(ofPulumi.filter((file) => !/\/@pulumi\/pulumi\/proto\/\w+_pb\.js$/.test(file))).toEqual([]);
  expect(heavy(packagesOf(started))).toEqual(["zod"]);
});
