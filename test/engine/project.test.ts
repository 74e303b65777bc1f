import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createStack } from "../../src/engine";
import { readProject } from "../../src/engine/projectFile";
import { checkPulumiVersion, PULUMI_VERSION } from "../../src/engine/pulumiVersion";
import { splitWords } from "../../src/engine/shellWords";
import { type GivenConfig, projectConfig } from "../../src/engine/stackConfig";
import { pinned } from "../../tools/pinned";
import { inFolder, MORE_KEYS, PROJECT_KEYS, READABLE, REFUSED, STACK_KEYS } from "./projects";

const configOf = (files: Record<string, string>, given: GivenConfig = {}, validated = true) =>
  inFolder(files, (folder) => projectConfig(given, readProject(folder), "dev", validated));

test.each(READABLE)("the configuration of a project: $title", async ({ files, config }) => {
  expect(await configOf(files)).toEqual({ config, secretKeys: [] });
});

test.each(REFUSED)("a project that is refused: $title", async ({ files, message }) => {
  const refusal = await configOf(files).catch((error: Error) => error);
  expect((refusal as Error).message).toContain(message);
  expect((refusal as Error).message).not.toContain("sesame");
});

describe("what options give", () => {
  const files = {
    "Pulumi.yaml":
      "name: proj\nruntime: nodejs\nconfig:\n  list: { type: array, items: { type: string } }\n  key: { type: string, secret: true }\n",
    "Pulumi.dev.yaml": "config:\n  key: { secure: v1:xyz }\n  aws:region: eu-west-1\n",
  };
  const key = { value: "opened", secret: true } as const;

  test("comes before the files, decrypts nothing, and has objects and arrays as JSON", async () => {
    expect(await configOf(files, { list: '["a"]', key, "aws:region": "us-west-2" })).toEqual({
      config: { "proj:list": '["a"]', "proj:key": "opened", "aws:region": "us-west-2" },
      secretKeys: ["proj:key"],
    });
  });

  test("must be of the declared type", async () => {
    await expect(configOf(files, { list: "sesame", key })).rejects.toThrow(
      "proj:list must be of type array of string",
    );
    await expect(configOf(files, { list: "[1]", key })).rejects.toThrow(
      "proj:list must be of type array of string",
    );
  });

  test("may be missing where the program does not run", async () => {
    expect((await configOf(files, { key }, false)).config).toEqual({
      "proj:key": "opened",
      "aws:region": "eu-west-1",
    });
  });

  test("of a project is named by Pulumi.yaml alone", () =>
    inFolder(files, (workDir) => {
      expect(() => createStack({ program: { workDir }, project: "other" })).toThrow(
        "project: is other, but Pulumi.yaml names the project proj. Omit it",
      );
    }));
});

test.each<[string, string[]]>([
  ["", []],
  ["  --a   -b\t\n-c ", ["--a", "-b", "-c"]],
  [`--import "./a b.mjs" --title='it is "so"'`, ["--import", "./a b.mjs", '--title=it is "so"']],
  [`a"b"'c'd`, ["abcd"]],
  [`"a \\" \\\\ \\n" 'a \\'`, ['a " \\ n', "a \\"]],
  ["a\\ b \\# c#d", ["a b", "#", "c#d"]],
  ["a # b c\nd", ["a", "d"]],
  [`"" ''`, ["", ""]],
])("nodeargs %j are the words %j", (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test.each(["'a", 'a "b', "a \\"])("nodeargs %j are refused", async (line) => {
  const runtime = JSON.stringify({ name: "nodejs", options: { nodeargs: line } });
  await expect(configOf({ "Pulumi.yaml": `name: proj\nruntime: ${runtime}\n` })).rejects.toThrow(
    "runtime.options.nodeargs: has a quote that is not closed, or ends with a backslash",
  );
});

test.each(["typescript: 'yes'", "tsconfig: 1", "nodeargs: [--a]", "packagemanager: npn", "production: 1"])(
  "the runtime's option %s is refused",
  async (option) => {
    const key = option.split(":")[0];
    const file = `name: proj\nruntime: { name: nodejs, options: { ${option} } }\n`;
    await expect(configOf({ "Pulumi.yaml": file })).rejects.toThrow(`runtime.options.${key}: `);
  },
);

describe("the version of Pulumi", () => {
  test("is that of the engine that the tests compare with", () => {
    expect(`v${PULUMI_VERSION}`).toBe(pinned.version);
  });

  test.each(["3.274.1", "=3.274.1", ">=3.5.0 !3.7.7", "> 3.5.0 <4.0.0", "<3.0.0 || >3.200.0"])(
    "is in %s",
    (range) => {
      expect(() => checkPulumiVersion(range)).not.toThrow();
    },
  );

  test.each(["!3.274.1", "<3.274.1", ">=3.0.0 <3.100.0", ">3.275.0"])("is not in %s", (range) => {
    expect(() => checkPulumiVersion(range)).toThrow(`is not within "${range}"`);
  });

  test.each(["3.x", "latest", ""])("cannot be compared with %j", (range) => {
    expect(() => checkPulumiVersion(range)).toThrow("cannot read the version range");
  });
});

test.each([
  ["Pulumi.yaml", [...PROJECT_KEYS, ...MORE_KEYS]],
  ["Pulumi.&lt;stack&gt;.yaml", STACK_KEYS],
])("docs/offline-engine.md says of every key of %s what becomes of it", (file, keys) => {
  const docs = readFileSync(join(__dirname, "../../docs/offline-engine.md"), "utf8");
  const [, table = ""] = docs.replace(/ +\|/g, " |").split(`| key of ${file} |`);
  const [rows = ""] = table.split("\n\n");
  const documented = [...rows.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(
    ([, cell = ""]) => cell.match(/[^`, ]+/g) ?? [],
  );
  expect(documented.sort()).toEqual([...keys].sort());
});
