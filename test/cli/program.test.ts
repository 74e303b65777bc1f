import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { version } from "../../package.json";
import { CliHarness, TABLE } from "./cliHarness";
import { documented } from "./documentedJson";
import { exported, request } from "./stateFile";

let cli: CliHarness;
beforeAll(async () => {
  cli = await CliHarness.open();
});
afterAll(() => cli.close());

const COMMANDS = [
  "status",
  "review",
  "list",
  "wait",
  "credentials",
  "configure",
  "exec",
  "forget",
  "sessions",
  "cancel",
  "emulator",
  "completion",
  "token",
  "inbox",
];

test("shows its version", async () => {
  expect(await cli.run(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n` });
});

/** The codes that a command can end with, beside those of all. */
const MORE_CODES: Record<string, string[]> = {
  ...{ wait: ["3", "4", "5"], credentials: ["3", "4", "5"], exec: ["3", "4", "5"], token: ["3", "4", "5"] },
  ...{ review: ["6"], "": ["3", "4", "5", "6"] },
};

test.each(["", ...COMMANDS])(
  "the help of %j has usage, an example, its own exit codes, and at most 80 columns",
  async (command) => {
    const ended = await cli.run([command, "--help"].filter(Boolean));
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const { stdout } = ended;
    expect(stdout).toContain(`Usage: aws-approvals ${command}`);
    if (command) expect(stdout).toMatch(new RegExp(`^  (.*\\W)?aws-approvals ${command}`, "m"));
    const codes = [...stdout.matchAll(/^ {2}(\d) {2}\S/gm)].map(([, code]) => code);
    expect(codes).toEqual(["0", "1", "2", ...(MORE_CODES[command] ?? [])]);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stdout.indexOf("\nOptions:")).toBeLessThan(stdout.indexOf("Stack and inbox:") >>> 0);
    for (const name of command === "" ? COMMANDS : []) expect(stdout).toContain(`\n  ${name} `);
  },
);

const optionsIn = (text: string): string[] => [...new Set(text.match(/(?<![\w-])--[a-z][a-z-]+/g))].sort();

test("docs/command.md has every option of the help, and no other", async () => {
  const helps = await helpOfAll();
  const defined = optionsIn(
    helps.map((help) => (help.match(/^ {2}(-\w, )?--.*/gm) ?? []).join("\n")).join("\n"),
  );
  const page = readFileSync(join(__dirname, "../../docs/command.md"), "utf8");
  // Docker's.
  expect(optionsIn(page).filter((option) => option !== "--env-file")).toEqual(
    defined.filter((option) => option !== "--version" || page.includes(option)),
  );
});

async function helpOfAll(): Promise<string[]> {
  const helps: string[] = [];
  for (const command of ["", ...COMMANDS])
    helps.push((await cli.run([command, "--help"].filter(Boolean))).stdout);
  return helps;
}

test.each([
  [[], "Usage"],
  [["no-such-command"], "unknown command 'no-such-command'"],
  [["status", "--no-such-option"], "unknown option '--no-such-option'"],
  [["credentials"], "required option '--request <name|id>' not specified"],
  [["credentials", "--request", ""], "the name of a resource"],
  [["wait", "--timeout", "soon"], "It must be a time span"],
  [["wait", "--for", "REJECTED"], "Allowed choices are ACCEPTED, FINALIZED"],
  [["forget"], "Give --request with a name or an id, or --all"],
  [["status", "--stack", "dev", "--state-file", "-"], "not both"],
  [["emulator", "--port", "65536"], "It must be a number from 0 to 65535"],
  [["emulator", "--port", "http"], "It must be a number from 0 to 65535"],
  [["emulator", "extra"], "too many arguments"],
])("exits with 2 for %j", async (args, message) => {
  expect(await cli.run(args)).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining(message),
  });
});

test("docs/command.md has what each command prints with --json, and no more", async () => {
  const withJson: string[] = [];
  for (const command of COMMANDS) {
    const { stdout } = await cli.run([command, "--help"]);
    if (/^ +--json /m.test(stdout)) withJson.push(`${command} --json`);
  }
  const variants = ["wait --team --json", "configure --remove --json", "Sessions"];
  expect([...documented.keys()].sort()).toEqual([...withJson, ...variants].sort());
});

test("--verbose tells each call, without secrets", async () => {
  const id = await cli.createRequest();
  await cli.grant(id);
  const { stdout, stderr } = await cli.run(["credentials", "--request", id, "--table", TABLE, "--verbose"]);
  const told = stderr.trim().split("\n");
  for (const line of told) {
    expect(line).toMatch(/^aws-approvals: (sqs|dynamodb|sts):\w+ us-east-1 attempt 1: \w+ in \d+ ms$/);
  }
  expect(stderr).toMatch(/sts:GetDelegatedAccessToken/);
  const { SecretAccessKey, SessionToken } = JSON.parse(stdout);
  for (const secret of [SecretAccessKey, SessionToken]) expect(stderr).not.toContain(secret);
});

test("ends quietly when nobody reads on", async () => {
  const many = Array.from({ length: 2_000 }, (_, i) => request(`customer-${i}`, `${i}`.padStart(16, "0")));
  const file = join(cli.home, "many.json");
  writeFileSync(file, exported(...many));
  const wrapper = ["sh", "-c", '{ "$@"; echo "exit $?" >&2; } | head -1', "sh"];
  expect(await cli.run(["status", "--state-file", file], { wrapper })).toEqual({
    code: 0,
    signal: null,
    stdout: "customer-0: delegation request, UNASSIGNED\n",
    stderr: "exit 141\n",
  });
});

test("opens no debugger for SIGUSR1", async () => {
  const running = cli.startProcess(["emulator", "--port", "0"]);
  await running.waitForOutput(/AWS_ENDPOINT_URL/);
  running.kill("SIGUSR1");
  expect(await running.result).toMatchObject({ signal: "SIGUSR1", stderr: "" });
});

describe("credentials that are at hand", () => {
  test("are answered with nothing but a few files of ours loaded, in all spellings", async () => {
    const id = await cli.createRequest();
    await cli.grant(id);
    const { stdout } = await cli.run(["credentials", "--request", id, "--table", TABLE]);
    const hook = join(cli.home, "hook.js");
    writeFileSync(
      hook,
      'process.on("exit", () => process.stderr.write(Object.keys(require.cache).join("\\n")));',
    );
    for (const more of [[], ["--format=process"], ["--profile", "partner", "--table", TABLE]]) {
      const ended = await cli.startProcess(["credentials", `--request=${id}`, ...more], {
        env: { NODE_OPTIONS: `--require=${hook}` },
      }).result;
      expect(ended).toMatchObject({ code: 0, stdout });
      const loaded = ended.stderr.split("\n").filter((file) => file !== hook);
      expect(loaded).toContain(resolve(__dirname, "../../dist/cli/keptAnswer.js"));
      expect(loaded.filter((file) => file.includes("node_modules"))).toEqual([]);
      expect(loaded.length).toBeLessThan(15);
    }
  });
});

describe("forget", () => {
  async function kept(): Promise<string> {
    const id = await cli.createRequest();
    await cli.grant(id);
    await cli.run(["wait", "--request", id, "--table", TABLE]);
    return id;
  }
  const isKept = (id: string) => existsSync(join(cli.cacheFolder, "requests", id));

  test("removes one request, and says so when there is nothing", async () => {
    const [one, other] = [await kept(), await kept()];
    expect(await cli.run(["forget", "--request", one])).toMatchObject({
      code: 0,
      stdout: `Forgot ${one}.\n`,
    });
    expect([isKept(one), isKept(other)]).toEqual([false, true]);
    expect(await cli.run(["forget", "--request", one])).toMatchObject({
      code: 0,
      stdout: "Nothing is kept.\n",
    });
  });

  test("removes all, and tells them as JSON", async () => {
    const id = await kept();
    const { stdout } = await cli.run(["forget", "--all", "--yes", "--json"]);
    expect(JSON.parse(stdout).forgotten).toContain(id);
    expect(isKept(id)).toBe(false);
    expect(JSON.parse((await cli.run(["forget", "--all", "--yes", "--json"])).stdout)).toEqual({
      forgotten: [],
    });
  });
});
