import { existsSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { BIN } from "./bin";
import { Sandbox } from "./sandbox";
import { exported, type Resource, request } from "./stateFile";
import { atTerminal, CTRL_C, CTRL_D, type EndedAtTerminal } from "./terminal";

let cli: Sandbox;
beforeEach(() => {
  cli = new Sandbox();
});
afterEach(() => cli.close());

const ACME = "aaaaaaaaaaaaaaaa";
const GLOBEX = "bbbbbbbbbbbbbbbb";

/** Puts a stack where `pulumi stack export` finds it, and counts how often it does. */
function stackOf(...resources: Resource[]): void {
  cli.write("exported.json", exported(...resources));
  cli.command("pulumi", `echo "$@" >> "${cli.folder}/runs"; cat "${cli.folder}/exported.json"`);
}
const runs = () => {
  const file = join(cli.folder, "runs");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
};

const credentials = async (reference: string, ...more: string[]) => {
  const ended = await cli.run("credentials", "--request", reference, ...more);
  return ended.code === 0 ? JSON.parse(ended.stdout).AccessKeyId : ended;
};
const keyOf = (id: string) => `ASIA${id.toUpperCase()}`;

describe("--request with a name", () => {
  beforeEach(() => {
    stackOf(request("acme", ACME), request("globex", GLOBEX));
    for (const id of [ACME, GLOBEX]) cli.keepCredentials(id);
  });

  test("is the request of that name in the stack", async () => {
    expect(await credentials("acme", "--stack", "dev")).toBe(keyOf(ACME));
    expect(await credentials("globex", "--stack", "dev")).toBe(keyOf(GLOBEX));
    expect(await credentials("globex", "--state-file", join(cli.folder, "exported.json"))).toBe(
      keyOf(GLOBEX),
    );
  });

  test("reads the stack once in a quarter of an hour, as long as it is a stack with a name", async () => {
    for (const name of ["acme", "globex", "acme"]) await credentials(name, "--stack", "dev");
    expect(runs()).toBe(1);
    for (const name of ["acme", "acme"]) await credentials(name);
    expect(runs()).toBe(3);
    const [file = ""] = readdirSync(join(cli.home, "stacks"));
    const old = new Date(Date.now() - 16 * 60_000);
    utimesSync(join(cli.home, "stacks", file), old, old);
    await credentials("acme", "--stack", "dev");
    expect(runs()).toBe(4);
  });

  test("is the new request after a renewal, as soon as anything has read the stack", async () => {
    const renewed = "cccccccccccccccc";
    cli.keepCredentials(renewed);
    expect(await credentials("acme", "--stack", "dev")).toBe(keyOf(ACME));
    stackOf(request("acme", renewed), request("globex", GLOBEX));
    expect(await cli.run("status", "--stack", "dev")).toMatchObject({ code: 0 });
    expect(await credentials("acme", "--stack", "dev")).toBe(keyOf(renewed));
    expect(runs()).toBe(2);
  });

  test("of another stack is looked up there", async () => {
    expect(await credentials("acme", "--stack", "dev")).toBe(keyOf(ACME));
    stackOf(request("acme", GLOBEX));
    expect(await credentials("acme", "--stack", "prod")).toBe(keyOf(GLOBEX));
    expect(await credentials("acme", "--stack", "dev")).toBe(keyOf(ACME));
  });

  test("that is not there says what is", async () => {
    expect(await credentials("acne", "--stack", "dev")).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "aws-approvals: The stack dev has no delegation request acne. Did you mean acme? It has acme, globex.\n",
    });
    stackOf();
    expect(await credentials("acme", "--stack", "org/vendor/dev")).toMatchObject({
      stderr: expect.stringContaining("It has none."),
    });
  });

  test("may look like an id", async () => {
    const name = "customer-acme-production";
    stackOf(request(name, ACME), request("globex", GLOBEX));
    expect(await credentials(name)).toBe(keyOf(ACME));
    expect(await credentials(name, "--stack", "dev")).toBe(keyOf(ACME));
    expect(await credentials("customer-globex-production", "--stack", "dev")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`It has ${name}, globex.`),
    });
  });

  test("of two requests, or of one that is another's id, is ambiguous", async () => {
    const id = "dddddddddddddddd";
    const other = { ...request("acme", id), urn: "urn:pulumi:dev::vendor::other:Parent$type::acme" };
    stackOf(request("acme", ACME), other, request(id, GLOBEX));
    for (const reference of ["acme", id]) {
      const ended = await credentials(reference, "--stack", "dev");
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(
        /is ambiguous.*Give the id of one:\n {2}\w{16} {2}urn:.*\n {2}\w{16} {2}urn:/,
      );
    }
  });
});

test("an id whose credentials are kept needs no stack", async () => {
  cli.keepCredentials(ACME);
  expect(await credentials(ACME)).toBe(keyOf(ACME));
  expect(await credentials(ACME, "--stack", "dev")).toBe(keyOf(ACME));
});

test("a name is never a path", async () => {
  cli.keepCredentials(ACME);
  stackOf(request("../requests", ACME));
  expect(await credentials(`../requests/${ACME}`, "--stack", "dev")).toMatchObject({ code: 1 });
  expect(await credentials("../requests", "--stack", "dev")).toBe(keyOf(ACME));
});

describe("forget", () => {
  const isKept = (id: string) => existsSync(join(cli.home, "requests", id));

  test("takes a name, and asks before it forgets valid credentials", async () => {
    stackOf(request("acme", ACME));
    cli.keepCredentials(ACME);
    const ended = await cli.run("forget", "--request", "acme", "--stack", "dev");
    expect(ended).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/valid.*--yes/) });
    expect(isKept(ACME)).toBe(true);
    const forced = await cli.run("forget", "--request", "acme", "--stack", "dev", "--yes");
    expect(forced).toMatchObject({ code: 0, stdout: `Forgot ${ACME}.\n` });
    expect(isKept(ACME)).toBe(false);
  });

  test.each<[string, string, Partial<EndedAtTerminal>]>([
    ["y", "y\n", { code: 0 }],
    ["nothing", "\n", { code: 1, output: expect.stringContaining("Nothing was forgotten") }],
    ["Ctrl-D", CTRL_D, { code: 1, output: expect.stringContaining("Nothing was forgotten") }],
    ["Ctrl-C", CTRL_C, { signal: constants.signals.SIGINT }],
  ])("at a terminal, answered by %s", async (_, input, ended) => {
    cli.keepCredentials(ACME);
    const command = [process.execPath, BIN, "forget", "--request", ACME];
    expect(await atTerminal({ command, env: cli.env, until: "[y/N]", input })).toMatchObject(ended);
    expect(isKept(ACME)).toBe(ended.code !== 0);
  });

  test("of all forgets what the names of stacks mean, and no file that is not ours", async () => {
    stackOf(request("acme", ACME));
    await cli.run("status", "--stack", "dev");
    cli.write("home/stacks/notes.txt", "mine");
    expect(readdirSync(join(cli.home, "stacks"))).toHaveLength(2);
    await cli.run("forget", "--all");
    expect(readdirSync(join(cli.home, "stacks"))).toEqual(["notes.txt"]);
  });

  test("does not ask when the credentials have expired", async () => {
    cli.keepCredentials(ACME, -1000);
    expect(await cli.run("forget", "--all")).toMatchObject({ code: 0, stdout: `Forgot ${ACME}.\n` });
  });
});
