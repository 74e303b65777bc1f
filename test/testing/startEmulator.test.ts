import {
  CreateDelegationRequestCommand,
  type CreateDelegationRequestCommandInput,
  GetDelegationRequestCommand,
  IAMClient,
  ListDelegationRequestsCommand,
} from "@aws-sdk/client-iam";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  type Customer,
  ManualClock,
  startEmulator,
  type TestEmulator,
  type TestEmulatorOptions,
} from "../../src/testing";
import { callJson } from "../../src/testing/emulatorClient";

const VENDOR = "111122223333";

let emulator: TestEmulator;
const clients: { destroy(): void }[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await emulator.close();
});

const start = async (options: TestEmulatorOptions = {}) => {
  emulator = await startEmulator({ clock: new ManualClock(), ...options });
};
const settings = (account: string, maxAttempts: number) => ({
  endpoint: emulator.endpoint,
  region: "us-east-1",
  maxAttempts,
  credentials: { accessKeyId: account, secretAccessKey: "x" },
});
const iam = (account: string, maxAttempts = 1) => {
  const client = new IAMClient(settings(account, maxAttempts));
  clients.push(client);
  return client;
};

let asked = 0;
async function ask(
  client = iam(VENDOR),
  more: Partial<CreateDelegationRequestCommandInput> = {},
): Promise<string> {
  asked += 1;
  const { DelegationRequestId = "" } = await client.send(
    new CreateDelegationRequestCommand({
      Description: "Read the list of buckets",
      Permissions: { PolicyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
      RequestorWorkflowId: `request-${asked}`,
      NotificationChannel: `arn:aws:sns:us-east-1:${VENDOR}:approvals`,
      SessionDuration: 3600,
      ...more,
    }),
  );
  return DelegationRequestId;
}

const read = async (account: string, id: string) =>
  (await iam(account).send(new GetDelegationRequestCommand({ DelegationRequestId: id }))).DelegationRequest;
const state = async (account: string, id: string) => (await read(account, id))?.State;
const nameOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: Error) => error.name,
  );

describe("a customer", () => {
  beforeEach(() => start());

  test.each<[string, (customer: Customer, id: string) => Promise<void>, object]>([
    ["claims", (customer, id) => customer.claim(id), { State: "ASSIGNED" }],
    ["accepts, having claimed", (customer, id) => customer.accept(id), { State: "ACCEPTED" }],
    ["approves", (customer, id) => customer.approve(id), { State: "FINALIZED" }],
    [
      "rejects with a note",
      (customer, id) => customer.reject(id, "Too much & too <long>"),
      { State: "REJECTED", RejectionReason: "Too much & too <long>" },
    ],
    ["rejects without one", (customer, id) => customer.reject(id), { State: "REJECTED" }],
    [
      "forwards with a note",
      (customer, id) => customer.forward(id, "For Ada"),
      { State: "PENDING_APPROVAL", Notes: "For Ada" },
    ],
  ])("%s", async (_, act, expected) => {
    const customer = emulator.customer();
    const id = await ask();
    await act(customer, id);
    expect(customer.account).toBe("222222222222");
    expect(await read("222222222222", id)).toMatchObject({ OwnerAccountId: "222222222222", ...expected });
  });

  test("revokes the access, which the vendor's credentials then have no more", async () => {
    const customer = emulator.customer();
    const id = await ask();
    await customer.approve(id);
    await emulator
      .customer("333333333333")
      .revoke(id)
      .catch((error) => expect(error.name).toBe("AccessDenied"));
    await customer.revoke(id);
    expect(emulator.store.delegationRequests.get(id)?.revocation?.at).toEqual(emulator.clock.now());
    expect(await nameOf(customer.revoke(id))).toBe("InvalidInput");
    expect(await nameOf(customer.revoke("nothing-like-that"))).toBe("NoSuchEntity");
    expect(await state("222222222222", id)).toBe("FINALIZED");
  });

  test("approves as an administrator, or as the root user, whose bounds are narrower", async () => {
    const [administrator, root] = [emulator.customer(), emulator.customer("222222222222", { root: true })];
    const [short, long] = [await ask(), await ask(iam(VENDOR), { SessionDuration: 14_401 })];
    await root.approve(short);
    expect(await nameOf(root.approve(long))).toBe("InvalidInput");
    await administrator.approve(long);
    expect(await nameOf(root.revoke(short))).toBe("InvalidInput");
    await administrator.revoke(long);
    expect(await read("222222222222", short)).toMatchObject({ ApproverId: "arn:aws:iam::222222222222:root" });
    expect(await read("222222222222", long)).toMatchObject({
      ApproverId: "arn:aws:sts::222222222222:assumed-role/Administrator/console",
    });
  });

  test("goes on from what has been done", async () => {
    const customer = emulator.customer("333333333333");
    const id = await ask();
    await customer.claim(id);
    await customer.forward(id);
    await customer.approve(id);
    const other = await ask();
    await customer.accept(other);
    await customer.approve(other);
    expect([await state("333333333333", id), await state("333333333333", other)]).toEqual([
      "FINALIZED",
      "FINALIZED",
    ]);
  });

  test("fails as AWS does, by AWS's codes", async () => {
    const [one, two] = [emulator.customer(), emulator.customer("333333333333")];
    const id = await ask();
    expect(await nameOf(one.sendToken(id))).toBe("AccessDenied");
    await one.reject(id);
    expect(await nameOf(one.approve(id))).toBe("InvalidInput");
    expect(await nameOf(two.approve(id))).toBe("AccessDenied");
    expect(await nameOf(one.claim("no-such-request-anywhere"))).toBe("NoSuchEntity");
    await expect(one.claim(id)).rejects.toMatchObject({ status: 400, message: expect.stringContaining(id) });
  });

  test("lets the vendor read on, if they want", async () => {
    const customer = emulator.customer();
    const id = await ask();
    await customer.claim(id);
    expect(await nameOf(read(VENDOR, id))).toBe("AccessDenied");
    customer.letVendorRead(id);
    expect(await state(VENDOR, id)).toBe("ASSIGNED");
    expect(() => customer.letVendorRead("nothing")).toThrow(RangeError);
  });
});

describe("accounts", () => {
  test("that AWS has not enrolled may not ask", async () => {
    await start({ accounts: { [VENDOR]: { enrolled: false }, "222222222222": { enrolled: true } } });
    expect(await nameOf(ask())).toBe("AccessDenied");
  });

  test("of one partner may use each other's topics", async () => {
    const [topics, other] = ["121212121212", "131313131313"];
    await start({ accounts: { [VENDOR]: { partner: "acme" }, [topics]: { partner: "acme" }, [other]: {} } });
    const askBy = (account: string) =>
      ask(iam(VENDOR), { NotificationChannel: `arn:aws:sns:us-east-1:${account}:approvals` });
    expect(await nameOf(askBy(topics))).toBe("no error");
    expect(await nameOf(askBy(other))).toBe("InvalidInputException");
  });

  test("that let vendors read what they have claimed", async () => {
    await start({ accounts: { "222222222222": { letsVendorsRead: true } } });
    const [open, closed] = [await ask(), await ask()];
    await emulator.customer().claim(open);
    await emulator.customer("333333333333").claim(closed);
    expect(await state(VENDOR, open)).toBe("ASSIGNED");
    expect(await nameOf(read(VENDOR, closed))).toBe("AccessDenied");
  });
});

describe("faults", () => {
  const list = (account = VENDOR) => iam(account).send(new ListDelegationRequestsCommand({}));

  test("strike the nth call of an operation, and are spent", async () => {
    await start({ faults: [{ operation: "iam:ListDelegationRequests", call: 2, answer: 429 }] });
    expect(await nameOf(list())).toBe("no error");
    expect(await nameOf(ask())).toBe("no error");
    expect(emulator.pendingFaults()).toHaveLength(1);
    expect(await nameOf(list())).toBe("Throttling");
    expect(emulator.pendingFaults()).toEqual([]);
    expect(await nameOf(list())).toBe("no error");
  });

  test.each([
    [402, "LimitExceeded", 409],
    [403, "AccessDenied", 403],
    [429, "Throttling", 400],
    [500, "ServiceFailure", 500],
    [503, "ServiceUnavailable", 503],
  ] as const)("answer %d as IAM does: %s, %d", async (answer, code, httpStatusCode) => {
    await start({ faults: [{ operation: "iam:*", answer }] });
    await expect(list()).rejects.toMatchObject({ $metadata: { httpStatusCode } });
    emulator.injectFaults({ operation: "*", answer });
    expect(await nameOf(list())).toMatch(new RegExp(`^${code}`));
  });

  test("answer Multi-party approval in its own codes", async () => {
    await start({ faults: [{ operation: "mpa:ListIdentitySources", answer: 402 }] });
    const response = await fetch(`${emulator.endpoint}/identity-sources/?List`, {
      method: "POST",
      headers: {
        "x-amz-date": "20260101T000000Z",
        authorization: `AWS4-HMAC-SHA256 Credential=${VENDOR}/20260101/us-east-1/mpa/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      },
    });
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([
      402,
      "ServiceQuotaExceededException",
    ]);
  });

  test("lose a call before its effect, or its answer after it", async () => {
    await start();
    emulator.injectFaults({ operation: "iam:CreateDelegationRequest", drop: true });
    await expect(ask()).rejects.toThrow();
    expect(emulator.store.delegationRequests.size).toBe(0);
    emulator.injectFaults({ operation: "iam:CreateDelegationRequest", drop: true, when: "after" });
    await expect(ask()).rejects.toThrow();
    expect(emulator.store.delegationRequests.size).toBe(1);
  });

  test("strike every call when they are to, of one account when they are to", async () => {
    await start();
    const answer = { status: 418, code: "Teapot", message: "short and stout" };
    emulator.injectFaults({
      operation: "iam:ListDelegationRequests",
      call: "every",
      account: VENDOR,
      answer,
    });
    for (const _ of [1, 2])
      await expect(list()).rejects.toMatchObject({ name: "Teapot", message: answer.message });
    expect(await nameOf(list("222222222222"))).toBe("no error");
    expect(emulator.pendingFaults()).toHaveLength(1);
  });

  test("delay a call", async () => {
    await start({ faults: [{ operation: "*", delay: "80ms" }] });
    const started = performance.now();
    await list();
    expect(performance.now() - started).toBeGreaterThan(75);
  });

  test("come after an interceptor of one's own", async () => {
    const seen: string[] = [];
    await start({
      faults: [{ operation: "*", answer: 500 }],
      intercept: (call) => {
        seen.push(`${call.phase} ${call.operation}`);
        return { error: { status: 400, code: "Mine" } };
      },
    });
    expect(await nameOf(list())).toBe("Mine");
    expect(seen).toEqual(["before-effect ListDelegationRequests"]);
    expect(emulator.pendingFaults()).toHaveLength(1);
  });

  test("name services of several words, too", async () => {
    await start({ faults: [{ operation: "payment-cryptography:AssociateMpaTeam", drop: true }] });
    expect(emulator.pendingFaults()).toHaveLength(1);
  });

  test.each([
    [{ operation: "CreateDelegationRequest", answer: 500 }, "operation: must be like"],
    [{ operation: "iam:*", call: 0, answer: 500 }, 'call: must be "every" or a whole number from 1, is 0'],
    [{ operation: "iam:*", call: 1.5, answer: 500 }, "is 1.5"],
    [{ operation: "iam:*", drop: true, answer: 500 }, "drop, answer: specify one of the two"],
    [{ operation: "iam:*" }, "drop, answer, delay, meanwhile: specify one of them"],
    [{ operation: "iam:*", delay: "soon" }, "Not a duration"],
  ] as const)("refuse a plan that cannot be: %j", async (fault, message) => {
    await expect(startEmulator({ faults: [fault] })).rejects.toThrow(message);
    await start();
    expect(() => emulator.injectFaults(fault)).toThrow(RangeError);
  });
});

test("the messages of a queue are taken, all of them, and are gone then", async () => {
  await start();
  const sender = { endpoint: emulator.endpoint, account: VENDOR, region: "eu-west-1" };
  const { QueueUrl } = await callJson("sqs", "CreateQueue", { QueueName: "news" }, sender);
  const sqs = new SQSClient({ ...settings(VENDOR, 1), region: "eu-west-1" });
  clients.push(sqs);
  const bodies = Array.from({ length: 23 }, (_, index) => `message ${index}`);
  for (let from = 0; from < bodies.length; from += 10) {
    const Entries = bodies.slice(from, from + 10).map((MessageBody, i) => ({ Id: `${i}`, MessageBody }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: String(QueueUrl), Entries }));
  }
  const taken = await emulator.takeMessages(String(QueueUrl), "eu-west-1");
  expect([...taken].sort()).toEqual([...bodies].sort());
  expect(await emulator.takeMessages(String(QueueUrl), "eu-west-1")).toEqual([]);
  await expect(emulator.takeMessages(`${emulator.endpoint}/${VENDOR}/none`)).rejects.toMatchObject({
    name: expect.stringMatching(/QueueDoesNotExist|NonExistentQueue/),
  });
});
