import { CliHarness } from "../cliHarness";

let cli: CliHarness;
let id: string;
beforeAll(async () => {
  cli = await CliHarness.open();
  id = await cli.createRequest();
  await cli.grant(id);
  await cli.run(["wait", "--request", id, "--queue-url", cli.queueUrl]);
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
  expect(ended).toMatchObject({ code: 0, stderr: "" });
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
  expect(ended).toEqual({ code: 42, signal: null, stdout: "--request,a b\nfrom stdin", stderr: "" });
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "passes %s on, and ends as the command ends",
  async (signal) => {
    const handles = `process.on("${signal}", () => { console.log("got it"); process.exit(7) });`;
    const running = cli.start(exec(`${handles} setInterval(() => {}, 1e6); console.log("ready")`));
    await running.waitForOutput(/ready/);
    running.kill(signal);
    expect(await running.result).toMatchObject({ code: 7, stdout: "ready\ngot it\n" });
  },
);

test("dies of the signal that the command died of", async () => {
  const ended = await cli.run(exec('process.kill(process.pid, "SIGKILL")'));
  expect(ended).toMatchObject({ code: null, signal: "SIGKILL" });
});

test("exits with 127 when there is no such command, with 126 when it can't be run", async () => {
  const run = (command: string) => cli.run(["exec", "--request", id, "--", command]);
  expect(await run("no-such-command")).toMatchObject({
    code: 127,
    stderr: "aws-approvals: no-such-command: not found\n",
  });
  expect(await run("/")).toMatchObject({ code: 126, stderr: expect.stringContaining("EACCES") });
});

test("needs a command", async () => {
  expect(await cli.run(["exec", "--request", id])).toMatchObject({ code: 2, stdout: "" });
});

test("exits as `credentials` does when there is no access, and runs nothing", async () => {
  const rejected = await cli.createRequest();
  await cli.reject(rejected);
  const args = ["exec", "--request", rejected, "--queue-url", cli.queueUrl, "--", "echo", "ran"];
  expect(await cli.run(args)).toMatchObject({ code: 3, stdout: "" });
});
