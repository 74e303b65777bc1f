import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder } from "../../../src/cli/cachedCredentials";
import { CliHarness, CUSTOMER, TABLE } from "../cliHarness";
import { exported, request } from "../stateFile";

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
const fromInbox = (id: string, ...more: string[]) => credentials(id, "--table", TABLE, ...more);

test("takes the token from the inbox, trades it in, and answers the next call with no call to AWS", async () => {
  const id = await granted();
  const first = await cli.run(fromInbox(id));
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
  const { code, stdout, stderr } = await cli.run(fromInbox(id));
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /sts:GetDelegatedAccessToken.*AccessDenied.*the customer may have revoked the access/,
  );
});

test("writes them in every format of `aws configure export-credentials`", async () => {
  const id = await granted();
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = JSON.parse(
    (await cli.run(fromInbox(id))).stdout,
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

test("keeps the credentials where only the user can read them, and not the token", async () => {
  const id = await granted();
  const token = (await cli.visibleMessages()).find(({ Type }) => Type === "ExchangeToken")?.["ExchangeToken"];
  await cli.run(fromInbox(id));
  const kept = readdirSync(cli.cacheFolder, { recursive: true, withFileTypes: true });
  const modes = kept.map((one) => statSync(join(one.parentPath, one.name)).mode & 0o777);
  expect(kept.map((one) => one.name).sort()).toEqual(
    [id, "credentials.json", "inbox.json", "requests"].sort(),
  );
  expect(modes).toEqual(kept.map((one) => (one.isDirectory() ? 0o700 : 0o600)));
  expect(statSync(cli.cacheFolder).mode & 0o777).toBe(0o700);
  expect(token).toBeDefined();
  expect(cli.cachedText).not.toContain(token);
});

test("touches no file, folder or mode that is not its own, in a folder that is shared", async () => {
  const shared = join(cli.home, "shared");
  const requests = join(shared, "requests");
  const monthsAgo = new Date(Date.now() - 90 * 86_400_000);
  const foreign = [join(shared, "notes"), join(requests, "a-folder-of-somebody", "credentials.json")];
  foreign.push(join(requests, "credentials.json"), join(requests, "another-folder-of-theirs", "file"));
  for (const file of foreign) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(file, "theirs");
    utimesSync(file, monthsAgo, monthsAgo);
    utimesSync(dirname(file), monthsAgo, monthsAgo);
  }
  // As of another user, whose folders nobody else may look into.
  const closed = join(requests, "a-request-of-somebody-else");
  symlinkSync(closed, closed);
  const before = statSync(shared).mode;
  const env = { AWS_APPROVALS_HOME: shared };
  expect(await cli.run(fromInbox(await granted()), { env })).toMatchObject({ code: 0, stderr: "" });
  expect(foreign.map((file) => readFileSync(file, "utf8"))).toEqual(foreign.map(() => "theirs"));
  expect(statSync(shared).mode).toBe(before);
  const ended = await cli.run(["forget", "--all", "--yes"], { env });
  expect(ended).toMatchObject({ code: 0 });
});

test("an empty HOME does not lead to the working folder", () => {
  const before = process.env["HOME"];
  process.env["HOME"] = "";
  try {
    expect(cacheFolder()).toBe(join(userInfo().homedir, ".aws-approvals"));
  } finally {
    process.env["HOME"] = before;
  }
});

test("trades the token in again when the credentials are lost or garbled", async () => {
  const id = await granted();
  await cli.run(fromInbox(id));
  for (const text of ["", '{"credentials":', '{"credentials":{}}']) {
    writeFileSync(join(cli.cacheFolder, "requests", id, "credentials.json"), text);
    expect(await cli.run(credentials(id))).toMatchObject({ code: 0, stderr: "" });
  }
  expect(cli.callCount("GetDelegatedAccessToken")).toBe(4);
});

test("two processes at once both answer, and leave a good cache", async () => {
  const id = await granted();
  await cli.run(["wait", "--request", id, "--table", TABLE]);
  const both = await Promise.all([1, 2, 3, 4].map(() => cli.startProcess(credentials(id)).result));
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
    const ended = await cli.run(fromInbox(id));
    expect(ended).toMatchObject({ code: 5, stdout: "" });
    expect(ended.stderr).toMatch(`There is no token of request ${id} yet: its state is ASSIGNED`);
    expect(ended.stderr).toContain(`aws-approvals wait --request ${id}`);
  });

  test("says that nothing has been heard of it", async () => {
    const id = await cli.createRequest();
    expect(await cli.run(fromInbox(id))).toMatchObject({
      code: 5,
      stderr: expect.stringContaining(`no token of request ${id} yet: the inbox has no notification of it.`),
    });
  });

  test("exits with 3 when the customer has rejected it", async () => {
    const id = await cli.createRequest();
    await cli.reject(id);
    expect(await cli.run(fromInbox(id))).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining(`The customer has rejected request ${id}`),
    });
  });

  test("exits with 4 when it has expired", async () => {
    const id = await cli.createRequest();
    cli.clock.advance("25h");
    expect(await cli.run(fromInbox(id))).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringContaining(`Request ${id} has expired`),
    });
  });

  test("says how to wait when the request is FINALIZED and SNS is late with the token", async () => {
    const id = await cli.createRequest();
    await cli.deliver({ RequestId: id, State: "FINALIZED" });
    expect(await cli.run(fromInbox(id))).toMatchObject({
      code: 5,
      stderr: expect.stringContaining(`no token of request ${id} yet: its state is FINALIZED`),
    });
  });

  test("says what to do when no table is known", async () => {
    const ended = await cli.run(credentials(await cli.createRequest()), { env: { PATH: "" } });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("--state-file") });
  });
});

describe("once the access has ended", () => {
  test("says when, by AWS's clock, and exits with 4", async () => {
    const id = await granted();
    const endedAt = new Date(cli.clock.now().getTime() + 3_600_000);
    cli.clock.advance("2h");
    const ended = await cli.run(fromInbox(id));
    const date = endedAt.toISOString().slice(0, 16).replace("T", " ");
    expect(ended).toMatchObject({ code: 4, stdout: "" });
    expect(ended.stderr).toContain(`The access of request ${id} ended on ${date} UTC.`);
    expect(ended.stderr).toContain("change its generation");
  });

  test("says so as well when only STS knows", async () => {
    const id = await granted();
    cli.fault = ({ operation }) =>
      operation === "GetDelegatedAccessToken"
        ? { error: { status: 400, code: "ExpiredTradeInTokenException" } }
        : undefined;
    const ended = await cli.run(fromInbox(id));
    expect(ended).toMatchObject({ code: 4, stdout: "", stderr: expect.stringContaining("has ended") });
    expect(existsSync(join(cli.cacheFolder, "requests", id, "credentials.json"))).toBe(false);
  });
});

test("uses no token of the table that is of another account than the request's owner", async () => {
  const [mine, other] = [await cli.createRequest(), await granted()];
  const message = (await cli.visibleMessages()).find(({ Type }) => Type === "ExchangeToken");
  await cli.deliver({ ...message, RequestId: mine, OwnerAccountId: "777788889999" });
  const ended = await cli.run(fromInbox(mine));
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(/gives access to account 444455556666.* is owned by 777788889999/);
  expect(cli.cachedText).not.toMatch(/credentials|SessionToken/);
  expect(await cli.run(fromInbox(other))).toMatchObject({ code: 0 });
});

describe("--token-stdin", () => {
  const stdin = (id: string, ...more: string[]) => credentials(id, "--token-stdin", ...more);
  async function tokenOf(id: string): Promise<{ token: string; message: string }> {
    await cli.grant(id);
    const message = (await cli.visibleMessages()).find(({ Type }) => Type === "ExchangeToken");
    return { token: message?.["ExchangeToken"] ?? "", message: JSON.stringify(message) };
  }
  /** The state of a stack that has a request of an account. */
  const stackWith = (id: string, ownerAccountId: string) => {
    const file = join(cli.home, "state.json");
    writeFileSync(file, exported(request("acme", id, { ownerAccountId })));
    return ["--state-file", file];
  };

  test("takes the bare token of a request whose owner the table names, and keeps only the credentials", async () => {
    const id = await cli.createRequest();
    const { token } = await tokenOf(id);
    await cli.run(["wait", "--request", id, "--table", TABLE]);
    const ended = await cli.run(stdin(id), { stdin: `${token}\n` });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(await cli.run(credentials(id))).toEqual(ended);
    expect(cli.cachedText).not.toContain(token);
  });

  test("takes it where the stack names the owner, and in the message that it came in", async () => {
    const id = await cli.createRequest();
    const { token, message } = await tokenOf(id);
    expect(await cli.run(stdin(id, ...stackWith(id, CUSTOMER)), { stdin: token })).toMatchObject({ code: 0 });
    expect(await cli.run(stdin(id), { stdin: message })).toMatchObject({ code: 0 });
  });

  test.each<[string, (id: string) => string[]]>([
    ["the table", () => ["--table", TABLE]],
    ["the stack", (id) => stackWith(id, "777788889999")],
  ])("refuses the token of another customer's request, by %s, and keeps nothing", async (_, named) => {
    const [mine, other] = [await cli.createRequest(), await cli.createRequest()];
    const { token } = await tokenOf(other);
    await cli.deliver({ RequestId: mine, State: "ACCEPTED", OwnerAccountId: "777788889999" });
    await cli.run(["wait", "--request", mine, "--table", TABLE, "--timeout", "0s"]);
    const ended = await cli.run(stdin(mine, ...named(mine)), { stdin: token });
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/gives access to account 444455556666.* is owned by 777788889999/);
    expect(cli.cachedText).not.toMatch(/credentials|SessionToken/);
  });

  test("refuses a bare token when nothing says whose it is", async () => {
    const id = await cli.createRequest();
    const { token } = await tokenOf(id);
    const ended = await cli.run(stdin(id), { stdin: token });
    expect(ended).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--table") });
    expect(cli.callCount("GetDelegatedAccessToken")).toBe(0);
  });

  test.each([
    ["nothing", ""],
    ["the message of another request", "another"],
    ["a message that is none", '{"Type":"ExchangeToken","ExchangeToken":"very-secret"}'],
  ])("refuses %s, and doesn't repeat it", async (_, text) => {
    const { message } = await tokenOf(await cli.createRequest());
    const given = text === "another" ? message : text;
    const ended = await cli.run(stdin(await cli.createRequest()), { stdin: given });
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
    const ended = await cli.run(fromInbox(id), { env: { AWS_MAX_ATTEMPTS: "1" } });
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
    await cli.deliver({ RequestId: id, State: "ASSIGNED" });
    await cli.run(["wait", "--request", id, "--table", TABLE, "--timeout", "0s"]);
    const ended = await cli.run(credentials(id, "--token-stdin"), { stdin: "very-secret" });
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Value '<TradeInToken>' at 'tradeInToken'"),
    });
    expect(ended.stderr).not.toContain("very-secret");
  });

  test("credentials of another account are told so", async () => {
    const id = await granted();
    await cli.run(["wait", "--request", id, "--table", TABLE]);
    const ended = await cli.run(credentials(id), { env: { AWS_ACCESS_KEY_ID: "999988887777" } });
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("must belong to the table's account"),
    });
  });
});

describe("when nothing can be written", () => {
  test("answers, warns once, and the token stays in the table for the next time", async () => {
    const id = await granted();
    writeFileSync(cli.cacheFolder, "a file where the folder should be");
    const ended = await cli.run(fromInbox(id));
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toHaveProperty("SessionToken");
    expect(ended.stderr.match(/Nothing can be kept/g)).toHaveLength(1);
    expect(await cli.item(`token#${id}`)).toHaveProperty("token");
  });

  test("a full disk leaves no torn file, and no message goes to the dead letters", async () => {
    const id = await granted();
    // A file size limit of 0 makes every write fail; the ignored signal keeps the process alive.
    const full = `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`;
    const ended = await cli.run(fromInbox(id), { wrapper: ["sh", "-c", full] });
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining("Nothing can be kept") });
    expect(cli.cachedText).toBe("");
    expect(await cli.run(fromInbox(id))).toMatchObject({ code: 0, stderr: "" });
    expect(await cli.messageCount()).toBe(0);
    expect(await cli.deadLetters()).toEqual({});
  });
});

test("a profile that gets its credentials from itself is told what to do", async () => {
  const id = await granted();
  await cli.run(["wait", "--request", id, "--table", TABLE]);
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
