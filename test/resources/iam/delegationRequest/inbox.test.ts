// What a refresh reads of a request in its inbox.

import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import type { Fault } from "../../../../src/emulator";
import { delegationRequestLifecycle } from "../../../../src/resources/iam/delegationRequest/lifecycle";
import {
  type Customer,
  ManualClock,
  startEmulator,
  type TestEmulator,
  VENDOR_ACCOUNT,
} from "../../../../src/testing";
import { openMailbox } from "../../../e2e/inbox";
import { served } from "../../../provider/served";
import { replay } from "../../../seed";

const CUSTOMER = "222222222222";
const clock = new ManualClock();
let emulator: TestEmulator;
let customer: Customer;
let sqs: SQSClient;
let fault: ((operation: string, phase: string) => Fault | undefined) | undefined;
beforeAll(async () => {
  emulator = await startEmulator({
    clock,
    intercept: ({ operation, phase }) => fault?.(operation, phase),
  });
  customer = emulator.customer(CUSTOMER);
  const credentials = { accessKeyId: VENDOR_ACCOUNT, secretAccessKey: "x" };
  sqs = new SQSClient({ endpoint: emulator.endpoint, region: "us-east-1", credentials });
});
afterAll(async () => {
  sqs?.destroy();
  await emulator?.close();
});

/** An inbox for each test, and what it begins with. */
let inbox: Awaited<ReturnType<typeof openMailbox>>;
let asked: ReturnType<typeof request>;
let callsBefore: number;
/** What the provider says to the person who runs Pulumi. */
let say: jest.SpyInstance;
let tests = 0;
beforeEach(async () => {
  say = jest.spyOn(console, "log").mockImplementation();
  inbox = await openMailbox(emulator.endpoint, VENDOR_ACCOUNT, `inbox-${++tests}`);
  asked = request();
  callsBefore = emulator.calls.length;
});
afterEach(() => {
  jest.restoreAllMocks();
  fault = undefined;
});

const request = () => ({
  ...{ __provider: "text", origin: "org/proj/dev::acme", ownerAccountId: CUSTOMER },
  description: "Read the bucket list",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: inbox.topicArn,
  sessionDuration: 3600,
});

/** A run of Pulumi has a provider of its own. */
const provider = (config = {}) => served(delegationRequestLifecycle, emulator, clock, config);
async function checked(olds: object, news: object) {
  const { inputs, failures } = await (await provider()).check(olds, news);
  expect(failures).toEqual([]);
  return { ...inputs, __provider: "text" };
}
async function created(news: object = asked) {
  const inputs = await checked({}, news);
  return { inputs, ...(await (await provider()).create(inputs)) };
}
const read = async (id: string, outs: object, through?: Awaited<ReturnType<typeof provider>>) =>
  (await (through ?? (await provider())).read(id, { ...outs, __provider: "text" })).props;
const calls = (operation: string) =>
  emulator.calls
    .slice(callsBefore)
    .filter((call) => call.operation === operation && call.account === VENDOR_ACCOUNT)
    .map(({ status }) => status);
const asks = () => calls("GetDelegationRequest").length;

test("what the customer of a named account does is seen, AWS is not asked, and nothing is said", async () => {
  const { id, outs } = await created({ ...asked, inbox });
  await customer.accept(id);
  const accepted = await read(id, outs as object);
  expect(accepted).toMatchObject({ state: "ACCEPTED", ownerAccountId: CUSTOMER });
  const expires = Date.parse(accepted?.expirationTime) - Date.parse(accepted?.updatedTime);
  expect(expires).toBe(7 * 24 * 3_600_000);
  await customer.sendToken(id);
  expect(await read(id, accepted)).toMatchObject({ state: "FINALIZED" });
  expect([asks(), say.mock.calls]).toEqual([0, []]);
});

test("one that expired unanswered is EXPIRED, and renewWhen asks again", async () => {
  const renewWhen = ["EXPIRED"];
  const { id, outs } = await created({ ...asked, inbox, renewWhen });
  clock.advance("25h");
  void emulator.store;
  const expired = await read(id, outs as object);
  expect(expired).toMatchObject({ state: "EXPIRED" });
  const news = await checked(expired, { ...asked, inbox, renewWhen });
  const diff = await (await provider()).diff(id, expired, news);
  expect(diff).toMatchObject({ changes: true, replaces: ["state"] });
  expect(asks()).toBe(0);
});

test("a no stays a no when it expires, and so does what AWS has deleted", async () => {
  const { id, outs } = await created({ ...asked, inbox });
  await customer.reject(id);
  clock.advance("1000h");
  void emulator.store;
  expect(await read(id, outs as object)).toMatchObject({ state: "REJECTED" });
});

test("one that anyone may claim is asked about until somebody has", async () => {
  const { ownerAccountId: _, ...anyone } = asked;
  const { id, outs } = await created({ ...anyone, inbox });
  expect(await read(id, outs as object)).toMatchObject({ state: "UNASSIGNED", requestorId: VENDOR_ACCOUNT });
  expect(asks()).toBe(2);
  await customer.accept(id);
  expect(await read(id, outs as object)).toMatchObject({ state: "ACCEPTED", ownerAccountId: CUSTOMER });
  expect(asks()).toBe(2);
});

test("one that expired without news is asked about, and gone when AWS has deleted it", async () => {
  const { id, outs } = await created({ ...asked, inbox });
  inbox = { ...inbox, topicArn: `${inbox.topicArn}-other` };
  clock.advance("1000h");
  void emulator.store;
  expect(await read(id, { ...outs, inbox })).toMatchObject({ state: "VANISHED" });
});

test("many requests of a run share the drain and one look", async () => {
  const made = await Promise.all(Array.from({ length: 12 }, () => created({ ...asked, inbox })));
  await Promise.all(made.map(({ id }) => customer.accept(id)));
  const through = await provider();
  const states = await Promise.all(made.map(({ id, outs }) => read(id, outs as object, through)));
  expect(new Set(states.map((props) => props?.state))).toEqual(new Set(["ACCEPTED"]));
  expect(calls("BatchGetItem")).toEqual([200]);
  // Twenty-four messages, ten at a time, and a look that finds none.
  expect(calls("ReceiveMessage")).toEqual([200, 200, 200, 200]);
});

test("what another resource of the run has received is found, though it is not saved yet", async () => {
  const { id, outs } = await created({ ...asked, inbox });
  await customer.accept(id);
  let received = (): void => undefined;
  const isReceived = new Promise<void>((resolve) => {
    received = resolve;
  });
  fault = (operation, phase) => {
    if (operation === "ReceiveMessage" && phase === "after-effect") received();
    return operation === "UpdateItem" && phase === "before-effect" ? { delayMs: 300 } : undefined;
  };
  const first = read(id, outs as object);
  await isReceived;
  expect([await read(id, outs as object), await first]).toMatchObject([
    { state: "ACCEPTED" },
    { state: "ACCEPTED" },
  ]);
});

test("what cannot be read is one warning, and the last known state stays", async () => {
  const made = [await created({ ...asked, inbox }), await created({ ...asked, inbox })];
  const denied = { error: { status: 400, code: "AccessDeniedException", message: "no" } };
  fault = (operation) => (operation === "BatchGetItem" ? denied : undefined);
  const through = await provider();
  const states = await Promise.all(
    made.map(({ id, outs }) => read(id, { ...outs, state: "ASSIGNED" }, through)),
  );
  expect(states).toMatchObject([{ state: "ASSIGNED" }, { state: "ASSIGNED" }]);
  expect(say.mock.calls.map(([line]) => line)).toEqual([
    expect.stringMatching(
      /^The mailbox .* could not be read, so the last known states .* kept\..*LeadingKeys/,
    ),
  ]);
});

test("a queue that cannot be read is no reason not to look into the table", async () => {
  const { id, outs } = await created({ ...asked, inbox });
  await customer.accept(id);
  await read(id, outs as object);
  const denied = { error: { status: 403, code: "AccessDenied", message: "no" } };
  fault = (operation) => (operation === "ReceiveMessage" ? denied : undefined);
  expect(await read(id, outs as object)).toMatchObject({ state: "ACCEPTED" });
  expect(say.mock.calls.map(([line]) => line)).toEqual([
    expect.stringMatching(/^The mailbox .* may have unread messages, because its queue could not be read/),
  ]);
});

test.each<[string, string, Fault]>([
  ["its table cannot be read", "BatchGetItem", { error: { status: 400, code: "AccessDeniedException" } }],
  ["its queue cannot be read", "ReceiveMessage", { error: { status: 500, code: "InternalError" } }],
  ["what it has received cannot be saved", "UpdateItem", { drop: true }],
])("an answer that may be in the inbox is not taken for none when %s", async (_, at, failure) => {
  const { id, outs } = await created({ ...asked, inbox, renewWhen: ["VANISHED"] });
  await customer.reject(id);
  clock.advance("1000h");
  void emulator.store;
  let tries = 0;
  // The first message that is saved is not the answer.
  const allowed = at === "UpdateItem" ? 1 : 0;
  fault = (operation, phase) =>
    operation === at && phase === "before-effect" && ++tries > allowed ? failure : undefined;
  const few = await provider({ "aws:maxRetries": "1" });
  const unread = await read(id, outs as object, few);
  expect(["UNASSIGNED", "ASSIGNED"]).toContain(unread?.state);
  expect([asks(), say.mock.calls.length]).toEqual([0, 1]);
  fault = undefined;
  if (at === "UpdateItem") clock.advance("1h");
  expect(await read(id, unread)).toMatchObject({ state: "REJECTED" });
});

test("nor when there are more messages than a look takes", async () => {
  const others = await Promise.all(Array.from({ length: 5 }, () => created({ ...asked, inbox })));
  for (const { id } of others) await customer.accept(id);
  const { id, outs } = await created({ ...asked, inbox });
  await customer.reject(id);
  clock.advance("1000h");
  void emulator.store;
  const now = jest.spyOn(performance, "now");
  fault = (operation, phase) => {
    if (operation === "ReceiveMessage" && phase === "after-effect") now.mockReturnValue(Number.MAX_VALUE);
    return undefined;
  };
  const unread = await read(id, outs as object);
  now.mockRestore();
  expect(unread).toMatchObject({ state: "UNASSIGNED" });
  expect(say.mock.calls.map(([line]) => line)).toEqual([
    expect.stringMatching(
      /^The mailbox .* has more messages than a refresh takes the time to read\. Refresh/,
    ),
  ]);
  fault = undefined;
  expect(await read(id, unread)).toMatchObject({ state: "REJECTED" });
});

/** What SQS has, and what a killed reader has taken and not deleted: that comes back when its time is over. */
async function messages(): Promise<{ waiting: number; taken: number }> {
  const command = new GetQueueAttributesCommand({ QueueUrl: inbox.queueUrl, AttributeNames: ["All"] });
  const { Attributes = {} } = await sqs.send(command);
  const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: taken } = Attributes;
  return { waiting: Number(waiting), taken: Number(taken) };
}

test.each<[string, "before-effect" | "after-effect", object]>([
  ["ReceiveMessage", "before-effect", { state: "FINALIZED", waiting: 0, taken: 0 }],
  ["ReceiveMessage", "after-effect", { state: "UNASSIGNED", waiting: 0, taken: 4 }],
  ["UpdateItem", "before-effect", { state: "UNASSIGNED", waiting: 0, taken: 4 }],
  ["UpdateItem", "after-effect", { taken: 4 }],
  ["DeleteMessageBatch", "before-effect", { state: "FINALIZED", waiting: 0, taken: 4 }],
  ["DeleteMessageBatch", "after-effect", { state: "FINALIZED", waiting: 0, taken: 0 }],
  ["BatchGetItem", "before-effect", { state: "FINALIZED", waiting: 0, taken: 0 }],
])("a refresh that is killed at %s, %s, loses no message and changes nothing wrongly", async (...point) => {
  const [at, phase, expected] = point;
  const { id, outs } = await created({ ...asked, inbox });
  await customer.approve(id);
  let isKilled = false;
  fault = (operation, now) => {
    isKilled ||= operation === at && now === phase;
    return isKilled ? { drop: true } : undefined;
  };
  // Its result never gets into a state.
  await read(id, outs as object, await provider({ "aws:maxRetries": "1" }));
  fault = undefined;
  const { state } = await read(id, outs as object);
  expect({ state, ...(await messages()) }).toMatchObject(expected);
});

/** What became of a request, by what AWS has told of it. */
function truth(states: readonly string[], hasExpired: boolean): string | undefined {
  const answer = states.find((state) => state === "FINALIZED" || state === "REJECTED");
  if (answer || !hasExpired) return answer ?? states.at(-1);
  return states.includes("ACCEPTED") ? "LAPSED" : "EXPIRED";
}

test("whatever the customer does, and whenever, a refresh tells the truth, and a renewal follows from it", async () => {
  const events = fc.array(fc.constantFrom("accept", "reject", "sendToken", "expire", "refresh"), {
    minLength: 1,
    maxLength: 5,
  });
  const property = fc.asyncProperty(events, async (life) => {
    const renewWhen = ["EXPIRED", "REJECTED", "LAPSED"];
    const args = { ...asked, inbox, renewWhen };
    const { id, outs } = await created(args);
    let known = outs as object;
    let states: string[] = [];
    let hasExpired = false;
    for (const event of life) {
      if (event === "refresh") known = (await read(id, known)) as object;
      else if (event === "expire") clock.advance("192h");
      // AWS refuses what it is not the time for.
      else await customer[event](id).catch(() => undefined);
      const { history = [] } = emulator.store.delegationRequests.get(id) ?? {};
      if (!hasExpired && event !== "expire") states = history.map(({ state }) => state);
      hasExpired ||= event === "expire";
    }
    const expected = truth(states, hasExpired) ?? "UNASSIGNED";
    const seen = await read(id, known);
    expect(seen).toMatchObject({ state: expected });
    const news = await checked(seen, args);
    const { replaces } = await (await provider()).diff(id, seen, news);
    expect(replaces).toEqual(renewWhen.includes(expected) ? ["state"] : []);
  });
  await fc.assert(property, { numRuns: 4, ...replay });
});

test("an inbox that is given later changes in place, without a look into it", async () => {
  const { id, outs } = await created();
  const news = await checked(asked, { ...asked, inbox });
  expect(await (await provider()).diff(id, outs, news)).toMatchObject({ changes: true, replaces: [] });
  const updated = await (await provider()).update(id, outs, news);
  expect(updated.outs).toMatchObject({ inbox });
  expect(calls("ReceiveMessage")).toEqual([]);
  const without = await (await provider()).update(id, updated.outs, await checked(news, asked));
  expect(without.outs).not.toHaveProperty("inbox.tableArn");
});
