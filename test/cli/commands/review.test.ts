import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ASKED, step } from "../../review/steps";
import { BIN } from "../bin";
import { CliHarness } from "../cliHarness";
import { atTerminal, CTRL_D } from "../terminal";

let cli: CliHarness;
beforeAll(async () => {
  cli = await CliHarness.open();
});
afterAll(() => cli.close());

const { ownerAccountId: _, ...toAnyone } = ASKED;
const preview = (...steps: object[]) => JSON.stringify({ steps });

test("reads a file, writes Markdown, and ends with 0", async () => {
  const file = resolve(__dirname, "../../fixtures/previews/streaming.jsonl");
  const ended = await cli.run(["review", file]);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout).toContain("### Who is asked by this change to `proj/dev`");
});

test.each(["utf16le", "utf8"] as const)("reads %s that begins with a byte order mark", async (encoding) => {
  const folder = await mkdtemp(join(tmpdir(), "aws-approvals-review-"));
  const file = join(folder, "preview.json");
  try {
    await writeFile(file, `\uFEFF${preview(step({ next: ASKED }))}`, encoding);
    expect(await cli.run(["review", file])).toMatchObject({
      ...{ code: 0, stderr: "" },
      stdout: expect.stringContaining("is asked for access for 1 h"),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("ends with 6 when the change goes against a rule, and says which", async () => {
  const stdin = preview(step({ next: toAnyone }));
  const ended = await cli.run(["review", "--format", "json", "--fail-on", "missing-owner"], { stdin });
  expect(ended.code).toBe(6);
  expect(ended.stderr).toContain("missing-owner, acme: ownerAccountId is missing");
  expect(JSON.parse(ended.stdout).findings).toMatchObject([{ rule: "missing-owner", name: "acme" }]);
});

test("takes the rules of every --fail-on, and of the file", async () => {
  const rules = resolve(__dirname, "../../../examples/ci/approvals.json");
  const stdin = preview(step({ next: { ...toAnyone, sessionDuration: 20_000, description: "x" } }));
  const failOn = ["--fail-on", "missing-owner", "--fail-on", "session-longer-than=1"];
  const ended = await cli.run(["review", "--format", "json", ...failOn], { stdin });
  expect(ended.code).toBe(6);
  const broken = (text: string) => JSON.parse(text).findings.map(({ rule }: { rule: string }) => rule);
  expect(broken(ended.stdout)).toEqual(["missing-owner", "session-longer-than"]);
  const more = await cli.run(["review", "--format", "json", "--rules", rules, ...failOn], { stdin });
  expect(broken(more.stdout)).toHaveLength(3);
});

test("prints nothing when nothing concerns approvals", async () => {
  expect(await cli.run(["review"], { stdin: preview() })).toMatchObject({ code: 0, stdout: "", stderr: "" });
});

test.each([
  [["review"], "no JSON", 1, "This is not the output of `pulumi preview --json`."],
  [
    ["review", "--fail-on", "renewals"],
    preview(),
    2,
    "--fail-on: there is no rule of that name. The rules are renewal,",
  ],
  [["review", "--fail-on", ""], preview(), 2, "--fail-on: there is no rule in it."],
  [["review", "/nowhere/preview.json"], "", 1, "/nowhere/preview.json: ENOENT"],
  [["review"], '{"diagnostics":[{"severity":"error","message":"No."}]}', 1, "The preview failed"],
])("%j fails with its reason", async (args, stdin, code, message) => {
  const ended = await cli.run(args, { stdin });
  expect(ended.code).toBe(code);
  expect(ended.stderr).toContain(message);
});

test("says that it reads from the terminal", async () => {
  const command = [process.execPath, BIN, "review"];
  const until = "aws-approvals: Reading from this terminal until Ctrl-D.";
  expect(await atTerminal({ command, env: cli.env, until, input: CTRL_D })).toMatchObject({ code: 1 });
});
