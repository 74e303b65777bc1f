import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliHarness, CUSTOMER } from "../cliHarness";
import { exported, inbox, request } from "../stateFile";

let cli: CliHarness;
beforeEach(async () => {
  cli = await CliHarness.open();
});
afterEach(() => cli.close());

const wait = (id: string, ...more: string[]) => [
  "wait",
  "--request",
  id,
  "--queue-url",
  cli.queueUrl,
  ...more,
];
const ANOTHER_TOPIC = "arn:aws:sns:us-east-1:999988887777:another";
const longAgo = new Date(Date.now() - 60_000).toISOString();

describe("ends with the outcome", () => {
  test("0: granted, and the token is kept, whose access `credentials` gives", async () => {
    const id = await cli.createRequest();
    const waiting = cli.start(wait(id));
    await cli.accept(id);
    await waiting.waitForOutput(new RegExp(`${id}: ACCEPTED by account ${CUSTOMER}`));
    await cli.sendToken(id);
    const ended = await waiting.result;
    expect(ended).toMatchObject({
      code: 0,
      stdout: `${id}: granted; next: aws-approvals credentials --request ${id}\n`,
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

  test("4: lapsed", async () => {
    const id = await cli.createRequest();
    cli.clock.advance("25h");
    expect(await cli.run(wait(id))).toMatchObject({ code: 4, stdout: `${id}: expired\n` });
  });

  test("5: timed out", async () => {
    const id = await cli.createRequest();
    await cli.claim(id);
    expect(await cli.run(wait(id, "--timeout", "1s"))).toMatchObject({
      code: 5,
      stdout: `${id}: timed-out (ASSIGNED)\n`,
    });
  });

  test("--for ACCEPTED doesn't wait for the token, --for FINALIZED does", async () => {
    const id = await cli.createRequest();
    await cli.accept(id);
    expect(await cli.run(wait(id, "--for", "ACCEPTED"))).toMatchObject({ code: 0 });
    expect(await cli.run(wait(id, "--timeout", "0s"))).toMatchObject({ code: 5 });
  });

  test("1: the queue isn't there", async () => {
    const ended = await cli.run([
      "wait",
      "--request",
      await cli.createRequest(),
      "--queue-url",
      `${cli.queueUrl}x`,
    ]);
    expect(ended).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("Check --queue-url"),
    });
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends it with %d", async (signal, code) => {
    const id = await cli.createRequest();
    await cli.claim(id);
    const waiting = cli.start(wait(id));
    await waiting.waitForOutput(/ASSIGNED/);
    waiting.kill(signal);
    expect(await waiting.result).toMatchObject({ code, signal: null, stdout: "" });
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
  const more = ["--request", rejected, "--request", open, "--json", "--timeout", "1s"];
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

  test("that are no notifications stay on the queue, and are told once, without what they say", async () => {
    const id = await cli.createRequest();
    await cli.deliverBody("garbled: very-secret");
    await cli.deliverBody('{"Type":"ExchangeToken","ExchangeToken":"very-secret"}');
    await cli.deliver({ RequestId: "../../../../very-secret/of/another", State: "ASSIGNED" });
    const ended = await cli.run(wait(id, "--timeout", "1s"));
    expect(ended).toMatchObject({ code: 5 });
    expect(ended.stderr.match(/It is left there/g)).toHaveLength(3);
    expect(ended.stderr).not.toContain("very-secret");
    expect(await cli.messageCount()).toBe(3);
  });

  test("that came by another topic than the stack's are not believed", async () => {
    const id = await cli.createRequest();
    const file = join(cli.home, "state.json");
    writeFileSync(file, exported(request("acme", id), inbox(cli.queueUrl)));
    await cli.deliver({ RequestId: id, State: "REJECTED" }, { topicArn: ANOTHER_TOPIC });
    const ended = await cli.run(["wait", "--state-file", file, "--timeout", "1s"]);
    expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining("is of another topic") });
    expect(await cli.messageCount()).toBe(1);
  });

  test("of another request are released at once, and kept here as well", async () => {
    const [mine, other] = [await cli.createRequest(), await cli.createRequest()];
    await cli.grant(other);
    expect(await cli.run(wait(mine, "--timeout", "0s"))).toMatchObject({ code: 5 });
    const left = await cli.visibleMessages();
    expect(left.map(({ RequestId }) => RequestId)).toEqual(left.map(() => other));
    expect(left.map(({ Type }) => Type)).toContain("ExchangeToken");
    expect(await cli.run(["credentials", "--request", other])).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("several at one queue", () => {
  test("each gets what is its own, though each reads with a cache of its own", async () => {
    const ids = await Promise.all([1, 2, 3].map(() => cli.createRequest()));
    const waiting = ids.map((id) =>
      cli.start(wait(id, "--timeout", "40s"), { env: { AWS_APPROVALS_HOME: join(cli.home, id) } }),
    );
    for (const id of ids) await cli.grant(id);
    const ended = await Promise.all(waiting.map((one) => one.result));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    // Older messages may remain when the token came first.
    expect((await cli.visibleMessages()).map(({ Type }) => Type)).not.toContain("ExchangeToken");
  });

  test("two that wait for the same request both hear of it, though a message is read once", async () => {
    const id = await cli.createRequest();
    const waiting = [cli.start(wait(id)), cli.start(wait(id))];
    await cli.grant(id);
    const ended = await Promise.all(waiting.map((one) => one.result));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  });
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
    `acme: granted; next: aws-approvals credentials --request ${acme}\nglobex: rejected\n`,
  );
});

test("waits at every queue that the stack's requests are told at, and knows what Pulumi knows", async () => {
  const [acme, globex, initech] = [
    await cli.createRequest(),
    await cli.createRequest(),
    await cli.createRequest(),
  ];
  const queueUrl = await cli.createQueue("another");
  const state = exported(
    request("acme", acme),
    inbox(cli.queueUrl),
    request("globex", globex, { notificationChannel: ANOTHER_TOPIC }),
    inbox(queueUrl, ANOTHER_TOPIC),
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
    "a stack that tells no queue",
    () => exported(request("acme", "1234567890abcdef")),
    [],
    "Give --queue-url",
  ],
])("refuses %s", async (_, state, more, message) => {
  const ended = await cli.run(["wait", "--state-file", "-", ...more], { stdin: state() });
  expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(message) });
});
