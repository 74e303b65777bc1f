import { existsSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { BIN } from "../bin";
import { CliHarness, CUSTOMER, TABLE, WITHIN_THE_HOUR } from "../cliHarness";
import { atTerminal, CTRL_C } from "../terminal";

let cli: CliHarness;
let id: string;
let trace: string;
/** A command of which one sees that it has run. */
let leavesTrace: string[];
beforeAll(async () => {
  cli = await CliHarness.open();
  trace = join(cli.home, "trace");
  leavesTrace = ["touch", trace];
  id = await cli.createRequest();
  await cli.grant(id);
  await cli.run(["wait", "--request", id, "--table", TABLE]);
});
afterAll(() => cli.close());

const exec = (script: string, ...more: string[]) => [
  ...["exec", "--request", id, "--", process.execPath, "-e", script],
  ...more,
];

test("runs with the credentials in the environment, and without what would come before them", async () => {
  const env = { AWS_PROFILE: "partner", AWS_DEFAULT_PROFILE: "partner", AWS_PAGER: "cat" };
  const { stdout } = await cli.run(["credentials", "--request", id]);
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = JSON.parse(stdout);
  const ended = await cli.run(exec("console.log(JSON.stringify(process.env))"), { env });
  expect(ended).toMatchObject({ code: 0 });
  const seen = JSON.parse(ended.stdout);
  expect(seen).toMatchObject({
    AWS_ACCESS_KEY_ID: AccessKeyId,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey,
    AWS_SESSION_TOKEN: SessionToken,
    AWS_CREDENTIAL_EXPIRATION: Expiration,
    AWS_PAGER: "cat",
    AWS_REGION: "us-east-1",
  });
  expect(Object.keys(seen).filter((name) => /PROFILE|APPROVALS|WARNING/.test(name))).toEqual([]);
});

test("passes arguments, stdin and the exit code", async () => {
  const script =
    "process.stdin.pipe(process.stdout); console.log(process.argv.slice(1).join()); process.exitCode = 42";
  const ended = await cli.run(exec(script, "--", "--request", "a b"), { stdin: "from stdin" });
  expect(ended).toMatchObject({ code: 42, signal: null, stdout: "--request,a b\nfrom stdin" });
});

test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
  "passes %s on, and ends as the command ends",
  async (signal) => {
    const handles = `process.on("${signal}", () => { console.log("got it"); process.exit(7) });`;
    const running = cli.startProcess(exec(`${handles} setInterval(() => {}, 1e6); console.log("ready")`));
    await running.waitForOutput(/ready/);
    running.kill(signal);
    expect(await running.result).toMatchObject({
      code: 7,
      stdout: "ready\ngot it\n",
      stderr: expect.not.stringMatching(/debugger/i),
    });
  },
);

test("says who one is, and until when, on one line", async () => {
  const { stdout } = await cli.run(["credentials", "--request", id, "--json"]);
  const { assumedPrincipal, credentials } = JSON.parse(stdout);
  const until = `${credentials.expiration.slice(0, 16).replace("T", " ")} UTC`;
  const { stderr } = await cli.run(exec(""));
  expect(assumedPrincipal).toContain(CUSTOMER);
  expect(stderr).toMatch(new RegExp(`^[^\n]+ ${WITHIN_THE_HOUR}\\.\n$`));
  expect(stderr).toContain(`aws-approvals: You are ${assumedPrincipal} until ${until}, in`);
});

test("runs nothing when the access ends sooner than --min-ttl", async () => {
  const args = ["exec", "--request", id, "--min-ttl", "1d2h", "--", ...leavesTrace];
  const ended = await cli.start(args).result;
  expect(ended).toMatchObject({ code: 4, stdout: "" });
  expect(existsSync(trace)).toBe(false);
  expect(ended.stderr).toMatch(
    /The access of request .* ends on .* UTC, in .*\. --min-ttl asks for 1 d 2 h\.\n$/,
  );
});

test("runs while the access lasts by AWS's clock, when this machine's is ahead", async () => {
  const ahead = cli.write(
    "ahead.js",
    "const now = Date.now() + 3 * 3_600_000; Date = class extends Date { constructor(...of) { super(...(of.length ? of : [now])); } static now() { return now; } };",
  );
  const args = ["exec", "--request", id, "--", "true"];
  const ended = await cli.run(args, { env: { NODE_OPTIONS: `--require ${ahead}` } });
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringMatching(new RegExp(WITHIN_THE_HOUR)) });
});

describe("the region of the command", () => {
  const command = ["sh", "-c", 'echo "$AWS_REGION $AWS_DEFAULT_REGION"'];
  const regions = async (env: Record<string, string>, ...options: string[]) => {
    const args = ["exec", "--request", id, ...options, "--", ...command];
    return (await cli.run(args, { env })).stdout.trim();
  };
  const none = { AWS_REGION: "", AWS_DEFAULT_REGION: "" };

  test("is that of --region, else of the environment, else of the profile", async () => {
    const file = join(cli.home, "config");
    writeFileSync(file, "[profile partner]\nregion = eu-west-1\n");
    const AWS_CONFIG_FILE = file;
    expect(await regions({ AWS_CONFIG_FILE }, "--profile", "partner", "--region", "ap-south-1")).toBe(
      "ap-south-1 ap-south-1",
    );
    expect(await regions({ AWS_CONFIG_FILE, AWS_PROFILE: "partner" })).toBe("us-east-1 us-east-1");
    expect(await regions({ AWS_CONFIG_FILE, AWS_PROFILE: "partner", ...none })).toBe("eu-west-1 eu-west-1");
    expect(await regions({ AWS_CONFIG_FILE, ...none }, "--profile", "partner")).toBe("eu-west-1 eu-west-1");
    expect(await regions(none)).toBe("");
    for (const only of ["AWS_REGION", "AWS_DEFAULT_REGION"]) {
      expect(await regions({ ...none, [only]: "eu-north-1" })).toBe("eu-north-1 eu-north-1");
    }
  });
});

test("Ctrl-C at a terminal reaches the command once, and a command that dies of it is seen to", async () => {
  const onCtrlC = (script: string) => {
    const [, ...args] = exec(script);
    return atTerminal({
      command: [process.execPath, BIN, "exec", ...args],
      env: cli.env,
      until: "ready",
      input: CTRL_C,
    });
  };
  const counts =
    'let n = 0; process.on("SIGINT", () => { n++; setTimeout(() => process.exit(40 + n), 300) });';
  const idle = 'setInterval(() => {}, 1e6); console.log("ready")';
  expect(await onCtrlC(`${counts} ${idle}`)).toMatchObject({ code: 41 });
  expect(await onCtrlC(idle)).toMatchObject({ signal: constants.signals.SIGINT });
});

test("dies of the signal that the command died of", async () => {
  const ended = await cli.run(exec('process.kill(process.pid, "SIGKILL")'));
  expect(ended).toMatchObject({ code: null, signal: "SIGKILL" });
});

test("exits with 127 when there is no such command, with 126 when it can't be run", async () => {
  const run = (command: string) => cli.run(["exec", "--request", id, "--", command]);
  expect(await run("no-such-command")).toMatchObject({
    code: 127,
    stderr: expect.stringMatching(/\naws-approvals: no-such-command: not found\n$/),
  });
  expect(await run("/")).toMatchObject({ code: 126, stderr: expect.stringContaining("EACCES") });
});

test("needs a command", async () => {
  expect(await cli.start(["exec", "--request", id]).result).toMatchObject({ code: 2, stdout: "" });
});

test("exits as `credentials` does when there is no access, and runs nothing", async () => {
  const rejected = await cli.createRequest();
  await cli.reject(rejected);
  const args = ["exec", "--request", rejected, "--table", TABLE, "--", ...leavesTrace];
  expect(await cli.start(args).result).toMatchObject({ code: 3, stdout: "" });
  expect(existsSync(trace)).toBe(false);
});
