import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliHarness } from "../cliHarness";

let cli: CliHarness;
beforeEach(async () => {
  cli = await CliHarness.open();
});
afterEach(() => cli.close());

/** A request whose token is in the queue. */
async function granted(): Promise<string> {
  const id = await cli.createRequest();
  await cli.grant(id);
  return id;
}

const credentials = (id: string, ...more: string[]) => ["credentials", "--request", id, ...more];
const fromQueue = (id: string, ...more: string[]) => credentials(id, "--queue-url", cli.queueUrl, ...more);

test("takes the token from the queue, trades it in, and answers the next call with no call to AWS", async () => {
  const id = await granted();
  const first = await cli.run(fromQueue(id));
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(first.stdout)).toEqual({
    Version: 1,
    AccessKeyId: expect.stringMatching(/^\w{16,}$/),
    SecretAccessKey: expect.any(String),
    SessionToken: expect.any(String),
    Expiration: new Date(cli.clock.now().getTime() + 3_600_000).toISOString().replace(/\.\d+Z$/, ".000Z"),
  });
  expect(await cli.messageCount()).toBe(0);
  const calls = cli.emulator.calls.length;
  const second = await cli.run(credentials(id));
  expect(second).toEqual(first);
  expect(cli.emulator.calls.length).toBe(calls);
});

test("says that the customer may have revoked the access", async () => {
  const id = await granted();
  cli.revoke(id);
  const { code, stdout, stderr } = await cli.run(fromQueue(id));
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /sts:GetDelegatedAccessToken.*AccessDenied.*the customer may have revoked the access/,
  );
});

test("writes them in every format of `aws configure export-credentials`", async () => {
  const id = await granted();
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = JSON.parse(
    (await cli.run(fromQueue(id))).stdout,
  );
  const as = async (format: string) => (await cli.run(credentials(id, "--format", format))).stdout;
  expect(await as("env")).toBe(
    `export AWS_ACCESS_KEY_ID=${AccessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${SecretAccessKey}\n` +
      `export AWS_SESSION_TOKEN=${SessionToken}\nexport AWS_CREDENTIAL_EXPIRATION=${Expiration}\n`,
  );
  expect(await as("env-no-export")).toBe(
    `AWS_ACCESS_KEY_ID=${AccessKeyId}\nAWS_SECRET_ACCESS_KEY=${SecretAccessKey}\n` +
      `AWS_SESSION_TOKEN=${SessionToken}\nAWS_CREDENTIAL_EXPIRATION=${Expiration}\n`,
  );
  expect(await as("powershell")).toContain(`$Env:AWS_SESSION_TOKEN="${SessionToken}"\n`);
  expect(await as("windows-cmd")).toContain(`set AWS_SESSION_TOKEN=${SessionToken}\n`);
  expect(await as("fish")).toContain(`set -gx AWS_SESSION_TOKEN "${SessionToken}"\n`);
  const json = {
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    },
    assumedPrincipal: expect.stringContaining("arn:aws:"),
  };
  expect(JSON.parse(await as("json"))).toEqual(json);
  expect(JSON.parse((await cli.run(credentials(id, "--json"))).stdout)).toEqual(json);
  expect((await cli.run(credentials(id, "--format", "yaml"))).code).toBe(2);
});

test("keeps token and credentials where only the user can read them", async () => {
  await cli.run(fromQueue(await granted()));
  const kept = readdirSync(cli.cacheFolder, { recursive: true, withFileTypes: true });
  const modes = kept.map((one) => statSync(join(one.parentPath, one.name)).mode & 0o777);
  expect(kept.map((one) => one.name)).toEqual(expect.arrayContaining(["access.json", "credentials.json"]));
  expect(modes).toEqual(kept.map((one) => (one.isDirectory() ? 0o700 : 0o600)));
  expect(statSync(cli.cacheFolder).mode & 0o777).toBe(0o700);
});

test("closes a folder that was open to others", async () => {
  mkdirSync(cli.cacheFolder, { mode: 0o755 });
  await cli.run(fromQueue(await granted()));
  expect(statSync(cli.cacheFolder).mode & 0o777).toBe(0o700);
});

test("trades the kept token in again when the credentials are lost or garbled", async () => {
  const id = await granted();
  await cli.run(fromQueue(id));
  for (const text of ["", '{"credentials":', '{"credentials":{}}']) {
    writeFileSync(join(cli.cacheFolder, "requests", id, "credentials.json"), text);
    expect(await cli.run(credentials(id))).toMatchObject({ code: 0, stderr: "" });
  }
  expect(cli.callCount("GetDelegatedAccessToken")).toBe(4);
});

test("two processes at once both answer, and leave a good cache", async () => {
  const id = await granted();
  await cli.run(["wait", "--request", id, "--queue-url", cli.queueUrl]);
  const both = await Promise.all([1, 2, 3, 4].map(() => cli.run(credentials(id))));
  expect(both.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    both.map(() => ({ code: 0, stderr: "" })),
  );
  const after = await cli.run(credentials(id));
  expect(both.map(({ stdout }) => stdout)).toContain(after.stdout);
  expect(
    readdirSync(join(cli.cacheFolder, "requests", id)).filter((file) => !file.endsWith(".json")),
  ).toEqual([]);
});

describe("without a token", () => {
  test("exits with 5 while nobody has decided, and says how to wait", async () => {
    const id = await cli.createRequest();
    await cli.claim(id);
    const ended = await cli.run(fromQueue(id));
    expect(ended).toMatchObject({ code: 5, stdout: "" });
    expect(ended.stderr).toMatch(`There is no token of request ${id} yet: its state is ASSIGNED`);
    expect(ended.stderr).toContain(`aws-approvals wait --request ${id}`);
  });

  test("exits with 3 when the customer has rejected it", async () => {
    const id = await cli.createRequest();
    await cli.reject(id);
    expect(await cli.run(fromQueue(id))).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining(`The customer has rejected request ${id}`),
    });
  });

  test("exits with 4 when it has lapsed", async () => {
    const id = await cli.createRequest();
    cli.clock.advance("25h");
    expect(await cli.run(fromQueue(id))).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringContaining(`Request ${id} has lapsed`),
    });
  });

  test("says that another reader has the token when the request is FINALIZED and the queue is empty", async () => {
    const id = await cli.createRequest();
    await cli.deliver({ RequestId: id, State: "FINALIZED" });
    const ended = await cli.run(fromQueue(id));
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("another reader has taken it") });
  });

  test("says what to do when no queue is known", async () => {
    const ended = await cli.run(credentials(await cli.createRequest()), { env: { PATH: "" } });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("--state-file") });
  });
});

describe("once the access has ended", () => {
  test("says when, exits with 4, and keeps no secret", async () => {
    const yesterday = new Date(Date.now() - 86_400_000);
    cli.clock.set(yesterday);
    const id = await granted();
    const ended = await cli.run(fromQueue(id));
    const date = new Date(yesterday.getTime() + 3_600_000).toISOString().slice(0, 16).replace("T", " ");
    expect(ended).toMatchObject({ code: 4, stdout: "" });
    expect(ended.stderr).toContain(`The access of request ${id} ended on ${date} UTC.`);
    expect(ended.stderr).toContain("change its generation");
    expect(cli.cachedText).not.toMatch(/token/i);
  });

  test("says so as well when only AWS knows", async () => {
    const id = await granted();
    await cli.run(["wait", "--request", id, "--queue-url", cli.queueUrl]);
    cli.clock.advance("2h");
    const ended = await cli.run(credentials(id));
    expect(ended).toMatchObject({ code: 4, stdout: "", stderr: expect.stringContaining("has ended") });
    expect(existsSync(join(cli.cacheFolder, "requests", id, "credentials.json"))).toBe(false);
    expect(cli.cachedText).not.toMatch(/"token"/);
  });
});

describe("--token-stdin", () => {
  async function tokenOf(id: string): Promise<{ token: string; message: string }> {
    await cli.grant(id);
    const message = (await cli.visibleMessages()).find(({ Type }) => Type === "ExchangeToken");
    return { token: message?.["ExchangeToken"] ?? "", message: JSON.stringify(message) };
  }

  test("takes the bare token, and keeps it", async () => {
    const id = await cli.createRequest();
    const { token } = await tokenOf(id);
    const ended = await cli.run(credentials(id, "--token-stdin"), { stdin: `${token}\n` });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(await cli.run(credentials(id))).toEqual(ended);
    expect(cli.cachedText).toContain(token);
  });

  test("takes the message that it came in", async () => {
    const id = await cli.createRequest();
    const { message } = await tokenOf(id);
    expect(await cli.run(credentials(id, "--token-stdin"), { stdin: message })).toMatchObject({ code: 0 });
  });

  test.each([
    ["nothing", ""],
    ["the message of another request", "another"],
    ["a message that is none", '{"Type":"ExchangeToken","ExchangeToken":"very-secret"}'],
  ])("refuses %s, and doesn't repeat it", async (_, text) => {
    const { message } = await tokenOf(await cli.createRequest());
    const stdin = text === "another" ? message : text;
    const ended = await cli.run(credentials(await cli.createRequest(), "--token-stdin"), { stdin });
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/^aws-approvals: --token-stdin: .*\n$/);
    expect(ended.stderr).not.toMatch(/very-secret|ExchangeToken"/);
  });
});

describe("when AWS refuses", () => {
  test("a throttled STS is told with what to do, and the token is kept for the next time", async () => {
    const id = await granted();
    cli.fault = ({ operation }) =>
      operation === "GetDelegatedAccessToken"
        ? { error: { status: 400, code: "Throttling", message: "Rate exceeded" } }
        : undefined;
    const ended = await cli.run(fromQueue(id), { env: { AWS_MAX_ATTEMPTS: "1" } });
    expect(ended).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/Throttling.*Run again/),
    });
    cli.fault = undefined;
    expect(await cli.run(credentials(id))).toMatchObject({ code: 0, stderr: "" });
  });

  test("a message of AWS's that repeats the token shows a placeholder", async () => {
    const id = await cli.createRequest();
    cli.fault = ({ operation }) =>
      operation === "GetDelegatedAccessToken"
        ? {
            error: {
              status: 400,
              code: "ValidationError",
              message: "Value 'very-secret' at 'tradeInToken' failed",
            },
          }
        : undefined;
    const ended = await cli.run(credentials(id, "--token-stdin"), { stdin: "very-secret" });
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Value '<TradeInToken>' at 'tradeInToken'"),
    });
    expect(ended.stderr).not.toContain("very-secret");
  });

  test("credentials of another account are told from a missing permission", async () => {
    const id = await granted();
    await cli.run(["wait", "--request", id, "--queue-url", cli.queueUrl]);
    const ended = await cli.run(credentials(id), { env: { AWS_ACCESS_KEY_ID: "999988887777" } });
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("in the account that made the request"),
    });
  });
});

describe("when nothing can be written", () => {
  test("answers, warns once, and leaves the message for the next time", async () => {
    const id = await granted();
    writeFileSync(cli.cacheFolder, "a file where the folder should be");
    const ended = await cli.run(fromQueue(id));
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toHaveProperty("SessionToken");
    expect(ended.stderr.match(/Nothing can be saved/g)).toHaveLength(1);
    const left = (await cli.visibleMessages()).map(({ Type }) => Type);
    expect(left).toContain("ExchangeToken");
  });

  test("a full disk leaves no torn file", async () => {
    const id = await granted();
    // A file size limit of 0 makes every write fail; the ignored signal keeps the process alive.
    const full = `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`;
    const ended = await cli.run(fromQueue(id), { wrapper: ["sh", "-c", full] });
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining("Nothing can be saved") });
    expect(cli.cachedText).toBe("");
    expect(await cli.run(credentials(id, "--queue-url", cli.queueUrl))).toMatchObject({
      code: 0,
      stderr: "",
    });
  });
});

test("a profile that gets its credentials from itself is told what to do", async () => {
  const id = await granted();
  await cli.run(["wait", "--request", id, "--queue-url", cli.queueUrl]);
  const bin = join(__dirname, "../../../bin/aws-approvals.js");
  const config = join(cli.home, "config");
  writeFileSync(
    config,
    `[profile acme]\ncredential_process = ${process.execPath} ${bin} credentials --request ${id}\n` +
      "[profile partner]\naws_access_key_id = 111122223333\naws_secret_access_key = x\n",
  );
  const env = {
    AWS_CONFIG_FILE: config,
    AWS_PROFILE: "acme",
    AWS_ACCESS_KEY_ID: "",
    AWS_SECRET_ACCESS_KEY: "",
  };
  const ended = await cli.run(credentials(id), { env });
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("--profile") });
  expect(await cli.run(credentials(id, "--profile", "partner"), { env })).toMatchObject({ code: 0 });
});
