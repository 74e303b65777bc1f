import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../src/clock";
import type { Fault } from "../../../src/emulator";
import { CliHarness, CUSTOMER, fakeOnly, TABLE } from "../cliHarness";
import { exported, inbox, request } from "../stateFile";

let cli: CliHarness;
beforeEach(async () => {
  cli = await CliHarness.open();
});
afterEach(async () => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  await cli.close();
});

/** Has the command pause for no time. */
const skipPauses = () => jest.spyOn(systemClock, "sleep").mockResolvedValue();

const wait = (id: string, ...more: string[]) => ["wait", "--request", id, "--table", TABLE, ...more];
const ANOTHER_TOPIC = "arn:aws:sns:us-east-1:999988887777:another";
const longAgo = new Date(Date.now() - 60_000).toISOString();

describe("ends with the outcome", () => {
  test("0: granted, and `credentials` finds the token without being told the table again", async () => {
    const id = await cli.createRequest();
    const waiting = cli.start(wait(id));
    await cli.accept(id);
    await waiting.waitForOutput(new RegExp(`${id}: ACCEPTED by account ${CUSTOMER}`));
    await cli.sendToken(id);
    const ended = await waiting.result;
    expect(ended).toMatchObject({
      code: 0,
      stdout: `${id}: granted\n  next:\n  aws-approvals exec --request ${id} --table ${TABLE} -- aws sts get-caller-identity\n`,
    });
    expect(ended.stderr).toMatch(
      /FINALIZED by account 444455556666, access until \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
    );
    expect(await cli.messageCount()).toBe(0);
    expect(await cli.run(["credentials", "--request", id])).toMatchObject({ code: 0, stderr: "" });
  });

  test("3: rejected", async () => {
    const id = await cli.createRequest();
    await cli.reject(id);
    expect(await cli.run(wait(id))).toMatchObject({ code: 3, stdout: `${id}: rejected\n` });
  });

  test("4: expired", async () => {
    const id = await cli.createRequest();
    cli.clock.advance("25h");
    expect(await cli.run(wait(id))).toMatchObject({ code: 4, stdout: `${id}: expired\n` });
  });

  test("5: timed out, two hours later unless told otherwise", async () => {
    const id = await cli.createRequest();
    await cli.claim(id);
    fakeOnly(["performance"]);
    const waiting = cli.start(wait(id));
    await waiting.waitForOutput(/ASSIGNED/);
    jest.advanceTimersByTime(7_199_000);
    for (let poll = 0; poll < 2; poll++) await cli.waitForCall("ReceiveMessage");
    jest.advanceTimersByTime(1_000);
    expect(await waiting.result).toMatchObject({ code: 5, stdout: `${id}: timed-out (ASSIGNED)\n` });
  });

  test("--for ACCEPTED doesn't wait for the token, --for FINALIZED does", async () => {
    const id = await cli.createRequest();
    await cli.accept(id);
    expect(await cli.run(wait(id, "--for", "ACCEPTED"))).toMatchObject({ code: 0 });
    expect(await cli.run(wait(id, "--timeout", "0s"))).toMatchObject({ code: 5 });
  });

  test("1: the table isn't there, or belongs to no inbox", async () => {
    const id = await cli.createRequest();
    const missing = await cli.run(["wait", "--request", id, "--table", `${TABLE}x`]);
    expect(missing).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("Check the ARN") });
    const other = await cli.createTable("other", "");
    const ended = await cli.run(["wait", "--request", id, "--table", other]);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("belongs to no inbox") });
  });

  test("1: no credentials, and what the command can be given instead", async () => {
    const env = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
    const ended = await cli.run(wait(await cli.createRequest()), { env });
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/credentials.*--profile, AWS_PROFILE/),
    });
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s ends it, as a shell expects", async (signal) => {
    const id = await cli.createRequest();
    await cli.claim(id);
    // Longer than a timer of Node.js.
    const waiting = cli.startProcess(wait(id, "--timeout", "30d"));
    await waiting.waitForOutput(/ASSIGNED/);
    await cli.waitForCall("ReceiveMessage");
    waiting.kill(signal);
    expect(await waiting.result).toMatchObject({ code: null, signal, stdout: "" });
  });
});

test("tells the end of each as JSON", async () => {
  const [granted, rejected, open] = [
    await cli.createRequest(),
    await cli.createRequest(),
    await cli.createRequest(),
  ];
  await cli.grant(granted);
  await cli.reject(rejected);
  const more = ["--request", rejected, "--request", open, "--json", "--timeout", "0s"];
  const ended = await cli.run(wait(granted, ...more));
  expect(ended.code).toBe(3);
  const at = cli.clock.now().toISOString();
  expect(JSON.parse(ended.stdout)).toEqual({
    requests: [
      {
        requestId: granted,
        name: null,
        outcome: "granted",
        state: "FINALIZED",
        updatedAt: at,
        ownerAccountId: CUSTOMER,
        accessEndsAt: new Date(cli.clock.now().getTime() + 3_600_000).toISOString(),
        hasToken: true,
      },
      expect.objectContaining({
        requestId: rejected,
        outcome: "rejected",
        state: "REJECTED",
        hasToken: false,
      }),
      expect.objectContaining({ requestId: open, outcome: "timed-out", state: null, accessEndsAt: null }),
    ],
  });
});

describe("messages", () => {
  test("that come twice, and late, change nothing", async () => {
    const id = await cli.createRequest();
    const token = {
      Type: "ExchangeToken",
      ExchangeToken: "of-the-customer",
      ExpiresAt: "2099-01-01T00:00:00.000Z",
    };
    for (let time = 0; time < 2; time++) await cli.deliver({ RequestId: id, State: "FINALIZED", ...token });
    await cli.deliver({ RequestId: id, State: "ACCEPTED", UpdatedAt: longAgo });
    const ended = await cli.run(wait(id));
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr.match(/FINALIZED/g)).toHaveLength(1);
    expect(ended.stderr).not.toContain("ACCEPTED");
    expect(await cli.messageCount()).toBe(0);
  });

  test("that are no notifications go to the dead letters, and are told once, without what they say", async () => {
    const id = await cli.createRequest();
    await cli.deliverBody("garbled: very-secret");
    await cli.deliver({ RequestId: "../../../../very-secret/of/another", State: "ASSIGNED" });
    const ended = await cli.run(wait(id, "--timeout", "0s"));
    expect(ended).toMatchObject({ code: 5 });
    expect(ended.stderr.match(/moved to the dead-letter queue/g)).toHaveLength(2);
    expect(ended.stderr).not.toContain("very-secret");
    expect(await cli.messageCount()).toBe(0);
    expect(Object.keys(await cli.deadLetters()).sort()).toEqual([
      "does not name a delegation request",
      "is not JSON",
    ]);
  });

  test("that came by another topic than the inbox's are not believed, however it is named", async () => {
    const id = await cli.createRequest();
    const file = join(cli.home, "state.json");
    writeFileSync(file, exported(request("acme", id), inbox(cli.queueUrl)));
    for (const named of [
      ["--state-file", file],
      ["--request", id, "--table", TABLE],
    ]) {
      await cli.deliver({ RequestId: id, State: "REJECTED" }, { topicArn: ANOTHER_TOPIC });
      const ended = await cli.run(["wait", ...named, "--timeout", "0s"]);
      expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining("is from a topic other") });
    }
    expect(await cli.item(`state#${id}`)).toBeUndefined();
  });
});

describe("several at one inbox", () => {
  test("each gets what is its own, on machines of their own", async () => {
    const ids = await Promise.all([1, 2, 3].map(() => cli.createRequest()));
    const waiting = ids.map((id, index) => {
      const start = index === 0 ? cli.start : cli.startProcess;
      return start.call(cli, wait(id), { env: { AWS_APPROVALS_HOME: join(cli.home, id) } });
    });
    for (const id of ids) await cli.grant(id);
    const ended = await Promise.all(waiting.map((one) => one.result));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await cli.messageCount()).toBe(0);
  });

  test("two that wait for the same request both hear of it, though a message is read once", async () => {
    const id = await cli.createRequest();
    const waiting = [cli.startProcess(wait(id)), cli.start(wait(id))];
    await cli.grant(id);
    const ended = await Promise.all(waiting.map((one) => one.result));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  });
});

describe("nothing is lost", () => {
  const tokenMessage = (RequestId: string) => ({
    ...{ RequestId, State: "FINALIZED", Type: "ExchangeToken", ExchangeToken: `token-of-${RequestId}` },
    ExpiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });

  test("of another request, while one waits for one's own, on a disk that is full", async () => {
    const [mine, other] = [await cli.createRequest(), await cli.createRequest()];
    await cli.grant(other);
    const full = ["sh", "-c", `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`];
    const ended = await cli.run(wait(mine, "--timeout", "0s"), { wrapper: full });
    expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining("Nothing can be kept here") });
    expect(await cli.item(`token#${other}`)).toHaveProperty("token");
    expect([await cli.messageCount(), await cli.deadLetters()]).toEqual([0, {}]);
    expect(cli.cachedText).toBe("");
    const elsewhere = { AWS_APPROVALS_HOME: join(cli.home, "other") };
    expect(await cli.run(wait(other), { env: elsewhere })).toMatchObject({ code: 0 });
  });

  test("behind the messages of many others", async () => {
    const [fetched, awaited] = [await cli.createRequest(), await cli.createRequest()];
    const others = (count: number) =>
      cli.deliverMany(count, (index) => ({
        RequestId: `another-${String(index).padStart(12, "0")}`,
        State: "ASSIGNED",
      }));
    await others(150);
    await cli.grant(fetched);
    const ended = await cli.run(["credentials", "--request", fetched, "--table", TABLE]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    await others(50);
    await cli.grant(awaited);
    expect(await cli.run(wait(awaited, "--timeout", "0s"))).toMatchObject({ code: 0 });
    expect([await cli.messageCount(), await cli.deadLetters()]).toEqual([0, {}]);
  });

  test("when SNS is late with the token, or another reader has crashed with it: granted means that it is there", async () => {
    const id = await cli.createRequest();
    await cli.deliver(tokenMessage(id));
    await cli.receiveAndCrash(30);
    await cli.deliver({ RequestId: id, State: "FINALIZED" });
    const waiting = cli.start(wait(id));
    await waiting.waitForOutput(/FINALIZED/);
    expect(await cli.item(`token#${id}`)).toBeUndefined();
    cli.clock.advance("30s");
    expect(await waiting.result).toMatchObject({ code: 0 });
    expect(await cli.item(`token#${id}`)).toMatchObject({ token: `token-of-${id}` });
  });

  test("when it is killed while it saves the token", async () => {
    const id = await cli.createRequest();
    await cli.deliver(tokenMessage(id));
    cli.fault = ({ operation }) => (operation === "UpdateItem" ? { delayMs: 60_000 } : undefined);
    const killed = cli.startProcess(wait(id));
    await cli.waitForCall("UpdateItem");
    killed.kill("SIGKILL");
    await killed.result;
    cli.fault = undefined;
    expect(await cli.run(wait(id, "--timeout", "0s"))).toMatchObject({ code: 5 });
    // As SQS hands it out again.
    await cli.deliver(tokenMessage(id));
    expect(await cli.run(wait(id, "--timeout", "0s"))).toMatchObject({ code: 0 });
  });

  test("by a clock that is ahead: AWS's clock says what has ended", async () => {
    const id = await cli.createRequest();
    await cli.grant(id);
    // The access is over that the customer gave.
    fakeOnly(["Date"], Date.now() + 3 * 3_600_000);
    expect(await cli.run(wait(id))).toMatchObject({ code: 0 });
    expect(await cli.run(["credentials", "--request", id])).toMatchObject({ code: 0, stderr: "" });
    expect(await cli.item(`token#${id}`)).toHaveProperty("token");
  });
});

describe("outages", () => {
  test.each<[string, Fault]>([
    ["a network that is gone", { drop: true }],
    ["an AWS that fails", { error: { status: 503, code: "ServiceUnavailable" } }],
    ["an AWS that is busy", { error: { status: 400, code: "ThrottlingException" } }],
  ])("%s is lived through for seconds, and told once", async (_, outage) => {
    const id = await cli.createRequest();
    const pauses = skipPauses();
    const waiting = cli.start(wait(id));
    await cli.waitForCall("ReceiveMessage");
    cli.fault = ({ service }) => (["sqs", "dynamodb"].includes(service) ? outage : undefined);
    await waiting.waitForOutput(/Trying again until the timeout/);
    await cli.grant(id);
    await cli.waitForCall("ReceiveMessage");
    cli.fault = undefined;
    const ended = await waiting.result;
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr.match(/Trying again/g)).toHaveLength(1);
    expect(pauses).toHaveBeenCalledWith(500, expect.any(AbortSignal));
  });

  test("a server that never answers holds up nobody", async () => {
    const id = await cli.createRequest();
    const state = exported(request("acme", id), inbox(cli.queueUrl));
    cli.fault = ({ operation }) =>
      ["GetItem", "ReceiveMessage"].includes(operation) ? { delayMs: 60_000 } : undefined;
    fakeOnly(["setTimeout", "clearTimeout"]);
    const byStack = cli.start(["wait", "--state-file", "-", "--timeout", "0s"], { stdin: state });
    await cli.waitForCall("ReceiveMessage");
    jest.advanceTimersByTime(5_000);
    expect(await byStack.result).toMatchObject({
      code: 5,
      stdout: "acme: timed-out (no notification yet)\n",
    });
    // Of the table it has heard nothing.
    const byTable = cli.start(wait(id, "--timeout", "0s"));
    await cli.waitForCall("GetItem");
    jest.advanceTimersByTime(5_000);
    expect(await byTable.result).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/dynamodb:GetItem.*TimeoutError: no answer before the timeout/),
    });
  });

  test("what AWS refuses ends it at once", async () => {
    cli.fault = ({ service }) =>
      service === "dynamodb" ? { error: { status: 400, code: "AccessDeniedException" } } : undefined;
    const ended = await cli.run(wait(await cli.createRequest()));
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/AccessDenied.*kms:Decrypt/) });
  });
});

test.each(["AccessDeniedException", "KmsAccessDenied"])(
  "who may not drain (%s) reads what others have saved",
  async (code) => {
    const [id, saved] = [await cli.createRequest(), await cli.createRequest()];
    await cli.grant(saved);
    await cli.run(wait(id, "--timeout", "0s"));
    cli.fault = ({ service }) => (service === "sqs" ? { error: { status: 400, code } } : undefined);
    const events: string[] = [];
    skipPauses().mockImplementation(async () => void events.push("pause"));
    const waiting = cli.start(wait(id, "--request", saved));
    await waiting.waitForOutput(/The messages are left to others/);
    cli.fault = ({ operation }) => void (operation === "BatchGetItem" && events.push("look"));
    await cli.reject(id);
    const another = cli.startProcess(wait(await cli.createRequest(), "--timeout", "0s"));
    expect(await waiting.result).toMatchObject({ code: 3 });
    expect(events).toContain("pause");
    // What is known needs no pause.
    expect(events.at(-1)).toBe("look");
    expect(await another.result).toMatchObject({ code: 5 });
  },
);

test("three hundred requests are a few calls", async () => {
  const ids = Array.from({ length: 300 }, (_, index) => `many-${String(index).padStart(14, "0")}`);
  const requests = ids.map((id, index) => request(`customer-${index}`, id));
  const state = exported(inbox(cli.queueUrl), ...requests);
  await cli.deliver({ RequestId: ids[299] ?? "", State: "ASSIGNED" });
  const ended = await cli.run(["wait", "--state-file", "-", "--timeout", "0s"], { stdin: state });
  expect(ended.code).toBe(5);
  expect(ended.stdout.split("\n").at(-2)).toBe("customer-299: timed-out (ASSIGNED)");
  // At the start, when the message has come, and at the end.
  expect(cli.callCount("BatchGetItem")).toBeLessThanOrEqual(10);
});

test("waits for every request of a stack, by their names", async () => {
  const [acme, globex] = [await cli.createRequest(), await cli.createRequest()];
  const file = join(cli.home, "state.json");
  writeFileSync(file, exported(request("acme", acme), request("globex", globex), inbox(cli.queueUrl)));
  const waiting = cli.start(["wait", "--state-file", file]);
  await cli.grant(acme);
  await waiting.waitForOutput(/acme: FINALIZED/);
  await cli.reject(globex);
  const ended = await waiting.result;
  expect(ended).toMatchObject({ code: 3 });
  expect(ended.stdout).toBe(
    `acme: granted\n  next:\n  aws-approvals exec --request acme --state-file ${file} -- aws sts get-caller-identity\nglobex: rejected\n`,
  );
});

test("a table that was used before comes after one that is named, and is forgotten then", async () => {
  const id = await cli.createRequest();
  const wrong = await cli.createTable("another", await cli.createQueue("another"), ANOTHER_TOPIC);
  const use = (...named: string[]) => cli.run(["wait", "--request", id, ...named, "--timeout", "0s"]);
  await cli.reject(id);
  expect(await use("--table", wrong)).toMatchObject({ code: 5 });
  expect(await use()).toMatchObject({ code: 5 });
  const file = cli.write("state.json", exported(request("acme", id), inbox(cli.queueUrl)));
  expect(await use("--state-file", file)).toMatchObject({ code: 3 });
  expect(await use()).toMatchObject({ code: 3 });
  expect(await use("--table", wrong)).toMatchObject({ code: 5 });
  expect(await use("--table", TABLE)).toMatchObject({ code: 3 });
});

test("waits at every inbox that the stack's requests are told at, and knows what Pulumi knows", async () => {
  const [acme, globex, initech] = [
    await cli.createRequest(),
    await cli.createRequest(),
    await cli.createRequest(),
  ];
  const queueUrl = await cli.createQueue("another");
  const table = await cli.createTable("another", queueUrl, ANOTHER_TOPIC);
  const state = exported(
    request("acme", acme),
    inbox(cli.queueUrl),
    request("globex", globex, { notificationChannel: ANOTHER_TOPIC }),
    inbox(queueUrl, ANOTHER_TOPIC, table),
    request("initech", initech, { state: "EXPIRED" }),
  );
  await cli.grant(acme);
  await cli.deliver({ RequestId: globex, State: "REJECTED" }, { topicArn: ANOTHER_TOPIC, queueUrl });
  const ended = await cli.run(["wait", "--state-file", "-", "--json"], { stdin: state });
  const outcomes = JSON.parse(ended.stdout).requests.map(({ name, outcome }: Record<string, string>) => [
    name,
    outcome,
  ]);
  expect(outcomes).toEqual([
    ["acme", "granted"],
    ["globex", "rejected"],
    ["initech", "expired"],
  ]);
});

test.each([
  ["a stack without requests", () => exported(), [], "no delegation requests to wait for"],
  [
    "a request that isn't in the stack",
    () => exported(),
    ["--request", "1234567890abcdef"],
    "has no delegation request",
  ],
  [
    "a stack that tells no table",
    () => exported(request("acme", "1234567890abcdef")),
    [],
    "Give --table ARN",
  ],
])("refuses %s", async (_, state, more, message) => {
  const ended = await cli.run(["wait", "--state-file", "-", ...more], { stdin: state() });
  expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(message) });
});
