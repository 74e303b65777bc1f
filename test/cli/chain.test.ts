import { execFile } from "node:child_process";
import { BIN } from "./bin";
import type { Result } from "./inThisProcess";
import { Sandbox } from "./sandbox";
import { exported } from "./stateFile";

const INBOX = "--table arn:aws:dynamodb:us-east-1:111122223333:table/mailbox";

let cli: Sandbox;
beforeEach(() => {
  cli = new Sandbox();
});
afterEach(() => cli.close());

/** In a process of its own, as the AWS SDK starts a profile's credential_process with the environment of the process. */
const run = (args: string[], env: Record<string, string> = {}) =>
  new Promise<Result>((done) => {
    const all = { ...cli.env, AWS_REGION: "us-east-1", AWS_EC2_METADATA_DISABLED: "true", ...env };
    execFile(process.execPath, [BIN, ...args], { env: all, timeout: 60_000 }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });

/** Writes the AWS config file, with profiles that get their credentials from requests. */
function profiles(processes: Record<string, string>): void {
  const text = Object.entries(processes).map(
    ([name, args]) =>
      `[profile ${name}]\ncredential_process = ${process.execPath} ${BIN} credentials ${args}\n`,
  );
  cli.env["AWS_CONFIG_FILE"] = cli.write("config", text.join(""));
}

const A = "aaaaaaaaaaaaaaaa";
const B = "bbbbbbbbbbbbbbbb";

test("two profiles that need each other's request end at once, in one sentence", async () => {
  profiles({ a: `--request ${A} --profile b ${INBOX}`, b: `--request ${B} --profile a ${INBOX}` });
  const ended = await run(["credentials", "--request", A, "--profile", "b", ...INBOX.split(" ")]);
  expect(ended).toEqual({
    code: 1,
    stdout: "",
    stderr:
      `aws-approvals: AWS profiles that need each other: request ${A}, which needs request ${B}, which needs request ${A}. ` +
      "Name the profile of the account that made the request, with credentials of its own: --profile NAME.\n",
  });
});

test("so does a profile that AWS_PROFILE makes its own source", async () => {
  profiles({ a: `--request ${A} ${INBOX}` });
  const ended = await run(["wait", "--timeout", "0s", "--request", A, ...INBOX.split(" ")], {
    AWS_PROFILE: "a",
  });
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(
    /^aws-approvals: AWS profiles that need each other: [^\n]*--profile NAME\.\n$/,
  );
});

test("so does a name that is looked up in a stack whose backend needs the same name's credentials", async () => {
  cli.write("exported.json", exported());
  const again = `"${process.execPath}" "${BIN}" credentials --request acme --stack dev`;
  cli.command("pulumi", `${again} || exit 255; cat "${cli.folder}/exported.json"`);
  const ended = await run(["credentials", "--request", "acme", "--stack", "dev"]);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(
    /^aws-approvals: AWS profiles that need each other: stack dev, which needs stack dev\. Give AWS's id [^\n]*\n$/,
  );
});

test("what another credential_process says about its failure is told", async () => {
  cli.command("sso", 'echo "the session has expired: run sso login" >&2; exit 3');
  cli.env["AWS_CONFIG_FILE"] = cli.write("config", "[profile vendor]\ncredential_process = sso\n");
  const ended = await run([
    "sessions",
    "--profile",
    "vendor",
    "--team",
    "arn:aws:mpa:us-east-1:111122223333:approval-team/x",
  ]);
  expect(ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("the session has expired: run sso login"),
  });
});
