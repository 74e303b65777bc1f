import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exported, inbox, request } from "../stateFile";
import { CUSTOMER, World } from "../world";

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

const wait = (id: string, ...more: string[]) => [
  "wait",
  "--request",
  id,
  "--queue-url",
  world.queueUrl,
  ...more,
];
const ANOTHER_TOPIC = "arn:aws:sns:us-east-1:999988887777:another";
const longAgo = new Date(Date.now() - 60_000).toISOString();

describe("ends with the outcome", () => {
  test("0: granted, and the token is kept, whose access `credentials` gives", async () => {
    const id = await world.request();
    const waiting = world.start(wait(id));
    await world.accept(id);
    await waiting.says(new RegExp(`${id}: ACCEPTED by account ${CUSTOMER}`));
    await world.send(id);
    const ended = await waiting.ended;
    expect(ended).toMatchObject({
      code: 0,
      stdout: `${id}: granted; next: aws-approvals credentials --request ${id}\n`,
    });
    expect(ended.stderr).toMatch(
      /FINALIZED by account 444455556666, access until \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
    );
    expect(await world.depth()).toBe(0);
    expect(await world.run(["credentials", "--request", id])).toMatchObject({ code: 0, stderr: "" });
  });

  test("3: rejected", async () => {
    const id = await world.request();
    await world.reject(id);
    expect(await world.run(wait(id))).toMatchObject({ code: 3, stdout: `${id}: rejected\n` });
  });

  test("4: lapsed", async () => {
    const id = await world.request();
    world.clock.advance("25h");
    expect(await world.run(wait(id))).toMatchObject({ code: 4, stdout: `${id}: expired\n` });
  });

  test("5: timed out", async () => {
    const id = await world.request();
    await world.claim(id);
    expect(await world.run(wait(id, "--timeout", "1s"))).toMatchObject({
      code: 5,
      stdout: `${id}: timed-out (ASSIGNED)\n`,
    });
  });

  test("--for ACCEPTED doesn't wait for the token, --for FINALIZED does", async () => {
    const id = await world.request();
    await world.accept(id);
    expect(await world.run(wait(id, "--for", "ACCEPTED"))).toMatchObject({ code: 0 });
    expect(await world.run(wait(id, "--timeout", "0s"))).toMatchObject({ code: 5 });
  });

  test("1: the queue isn't there", async () => {
    const ended = await world.run([
      "wait",
      "--request",
      await world.request(),
      "--queue-url",
      `${world.queueUrl}x`,
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
    const id = await world.request();
    await world.claim(id);
    const waiting = world.start(wait(id));
    await waiting.says(/ASSIGNED/);
    waiting.kill(signal);
    expect(await waiting.ended).toMatchObject({ code, signal: null, stdout: "" });
  });
});

test("tells the end of each as JSON", async () => {
  const [granted, rejected, open] = [await world.request(), await world.request(), await world.request()];
  await world.grant(granted);
  await world.reject(rejected);
  const more = ["--request", rejected, "--request", open, "--json", "--timeout", "1s"];
  const ended = await world.run(wait(granted, ...more));
  expect(ended.code).toBe(3);
  const at = world.clock.now().toISOString();
  expect(JSON.parse(ended.stdout)).toEqual({
    requests: [
      {
        requestId: granted,
        name: null,
        outcome: "granted",
        state: "FINALIZED",
        updatedAt: at,
        ownerAccountId: CUSTOMER,
        accessEndsAt: new Date(world.clock.now().getTime() + 3_600_000).toISOString(),
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
    const id = await world.request();
    const token = {
      Type: "ExchangeToken",
      ExchangeToken: "of-the-customer",
      ExpiresAt: "2099-01-01T00:00:00.000Z",
    };
    for (let time = 0; time < 2; time++) await world.deliver({ RequestId: id, State: "FINALIZED", ...token });
    await world.deliver({ RequestId: id, State: "ACCEPTED", UpdatedAt: longAgo });
    const ended = await world.run(wait(id));
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr.match(/FINALIZED/g)).toHaveLength(1);
    expect(ended.stderr).not.toContain("ACCEPTED");
    expect(await world.depth()).toBe(0);
  });

  test("that are no notifications stay on the queue, and are told once, without what they say", async () => {
    const id = await world.request();
    await world.deliverBody("garbled: very-secret");
    await world.deliverBody('{"Type":"ExchangeToken","ExchangeToken":"very-secret"}');
    await world.deliver({ RequestId: "../../../../very-secret/of/another", State: "ASSIGNED" });
    const ended = await world.run(wait(id, "--timeout", "1s"));
    expect(ended).toMatchObject({ code: 5 });
    expect(ended.stderr.match(/It is left there/g)).toHaveLength(3);
    expect(ended.stderr).not.toContain("very-secret");
    expect(await world.depth()).toBe(3);
  });

  test("that came by another topic than the stack's are not believed", async () => {
    const id = await world.request();
    const file = join(world.home, "state.json");
    writeFileSync(file, exported(request("acme", id), inbox(world.queueUrl)));
    await world.deliver({ RequestId: id, State: "REJECTED" }, { topicArn: ANOTHER_TOPIC });
    const ended = await world.run(["wait", "--state-file", file, "--timeout", "1s"]);
    expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining("is of another topic") });
    expect(await world.depth()).toBe(1);
  });

  test("of another request are released at once, and kept here as well", async () => {
    const [mine, other] = [await world.request(), await world.request()];
    await world.grant(other);
    expect(await world.run(wait(mine, "--timeout", "0s"))).toMatchObject({ code: 5 });
    const left = await world.visible();
    expect(left.map(({ RequestId }) => RequestId)).toEqual(left.map(() => other));
    expect(left.map(({ Type }) => Type)).toContain("ExchangeToken");
    expect(await world.run(["credentials", "--request", other])).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("several at one queue", () => {
  test("each gets what is its own, though each reads with a cache of its own", async () => {
    const ids = await Promise.all([1, 2, 3].map(() => world.request()));
    const waiting = ids.map((id) =>
      world.start(wait(id, "--timeout", "40s"), { env: { AWS_APPROVALS_HOME: join(world.home, id) } }),
    );
    for (const id of ids) await world.grant(id);
    const ended = await Promise.all(waiting.map((one) => one.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    // Older news may be left when the token came first.
    expect((await world.visible()).map(({ Type }) => Type)).not.toContain("ExchangeToken");
  });

  test("two that wait for the same request both hear of it, though a message is read once", async () => {
    const id = await world.request();
    const waiting = [world.start(wait(id)), world.start(wait(id))];
    await world.grant(id);
    const ended = await Promise.all(waiting.map((one) => one.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  });
});

test("waits for every request of a stack, by their names", async () => {
  const [acme, globex] = [await world.request(), await world.request()];
  const file = join(world.home, "state.json");
  writeFileSync(file, exported(request("acme", acme), request("globex", globex), inbox(world.queueUrl)));
  const waiting = world.start(["wait", "--state-file", file]);
  await world.grant(acme);
  await waiting.says(/acme: FINALIZED/);
  await world.reject(globex);
  const ended = await waiting.ended;
  expect(ended).toMatchObject({ code: 3 });
  expect(ended.stdout).toBe(
    `acme: granted; next: aws-approvals credentials --request ${acme}\nglobex: rejected\n`,
  );
});

test("waits at every queue that the stack's requests are told at, and knows what Pulumi knows", async () => {
  const [acme, globex, initech] = [await world.request(), await world.request(), await world.request()];
  const queueUrl = await world.queue("another");
  const state = exported(
    request("acme", acme),
    inbox(world.queueUrl),
    request("globex", globex, { notificationChannel: ANOTHER_TOPIC }),
    inbox(queueUrl, ANOTHER_TOPIC),
    request("initech", initech, { state: "EXPIRED" }),
  );
  await world.grant(acme);
  await world.deliver({ RequestId: globex, State: "REJECTED" }, { topicArn: ANOTHER_TOPIC, queueUrl });
  const ended = await world.run(["wait", "--state-file", "-", "--json"], { stdin: state });
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
  const ended = await world.run(["wait", "--state-file", "-", ...more], { stdin: state() });
  expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(message) });
});
