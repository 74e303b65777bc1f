import {
  type BatchGetItemCommandInput,
  CreateTableCommand,
  GetItemCommand,
  PutItemCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import type { InitializeMiddleware } from "@smithy/types";
import fc from "fast-check";
import { AwsClients } from "../../src/aws/clients";
import type { Call, Fault } from "../../src/emulator";
import { type DelegationNotification, type KnownRequest, mailboxHandler, merge, Secret } from "../../src/iam";
import type { MailboxAddress } from "../../src/mailbox/address";
import { drain } from "../../src/mailbox/drain";
import { MailboxTable } from "../../src/mailbox/table";
import { CUSTOMER, PARTNER, START, useHarness } from "../emulator/harness";
import { replay } from "../seed";

let fault: ((call: Call) => Fault | undefined) | undefined;
const harness = useHarness({
  intercept: (call) => (call.phase === "before-effect" ? fault?.(call) : undefined),
});

const REGION = "us-east-1";
const TABLE = `arn:aws:dynamodb:${REGION}:${PARTNER}:table/mailbox`;
const TOPIC = `arn:aws:sns:${REGION}:${PARTNER}:approvals`;
let address: MailboxAddress & { deadLetterQueueUrl: string };
beforeAll(async () => {
  const { dynamodb, sqs } = harness();
  await dynamodb(PARTNER).send(
    new CreateTableCommand({
      TableName: "mailbox",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const TimeToLiveSpecification = { AttributeName: "expiresAt", Enabled: true };
  await dynamodb(PARTNER).send(
    new UpdateTimeToLiveCommand({ TableName: "mailbox", TimeToLiveSpecification }),
  );
  const create = async (QueueName: string) =>
    (await sqs(PARTNER).send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? "";
  address = {
    ...{ tableArn: TABLE, topicArn: TOPIC },
    ...{ queueUrl: await create("inbox"), deadLetterQueueUrl: await create("dead-letters") },
  };
});

const clientsOf = (account = PARTNER) =>
  new AwsClients({
    ...{ region: REGION, accessKey: account, secretKey: "secret", maxRetries: 1 },
    endpoints: { dynamodb: harness().emulator.endpoint, sqs: harness().emulator.endpoint },
  });
let clients: AwsClients;
let table: MailboxTable;
let logged: string[];
const log = (line: string) => void logged.push(line);
beforeEach(async () => {
  fault = undefined;
  logged = [];
  clients = clientsOf();
  table = await MailboxTable.open(clients, TABLE);
});

const at = (minute: number) => new Date(START.getTime() + minute * 60_000);
let requests = 0;
const newId = () => `request-${String(++requests).padStart(12, "0")}`;
const notification = (
  requestId: string,
  state: DelegationNotification["state"],
  minute: number,
): DelegationNotification => ({
  ...{ type: "StateChange", requestId, requestorWorkflowId: "workflow", state, updatedAt: at(minute) },
  ...(state !== "UNASSIGNED" && { ownerAccountId: CUSTOMER }),
});
const token = (requestId: string, minute: number, ends: number): DelegationNotification => ({
  ...notification(requestId, "FINALIZED", minute),
  type: "ExchangeToken",
  exchangeToken: new Secret(`token of ${requestId} until ${ends}`),
  expiresAt: at(ends),
});

/** A request's item, as it is in the table. */
const item = async (pk: string) => {
  const get = new GetItemCommand({ TableName: "mailbox", Key: { pk: { S: pk } } });
  const { pk: _, ...rest } = (await harness().dynamodb(PARTNER).send(get)).Item ?? {};
  return rest;
};

describe("the table", () => {
  /** What AWS may notify of one request: steps that follow each other, tokens, and that it expired. */
  const stories = fc
    .record({
      steps: fc.subarray(["ASSIGNED", "PENDING_APPROVAL", "ACCEPTED"] as const),
      answer: fc.constantFrom("REJECTED", "FINALIZED", undefined),
      tokens: fc.integer({ min: 0, max: 2 }),
      expires: fc.boolean(),
    })
    .map(({ steps, answer, tokens, expires }) => (requestId: string) => [
      ...steps.map((state, index) => notification(requestId, state, index)),
      ...(answer ? [notification(requestId, answer, 10)] : []),
      ...(answer === "FINALIZED"
        ? Array.from({ length: tokens }, (_, index) => token(requestId, 10 + index, 60 + index))
        : []),
      ...(expires ? [notification(requestId, "EXPIRED", 100)] : []),
    ]);
  const orders = fc.array(fc.nat(), { minLength: 12, maxLength: 12 });

  test("holds the same in whatever order notifications arrive, and however often", async () => {
    const play = fc.asyncProperty(stories, orders, orders, async (story, order, another) => {
      const [one, other] = [newId(), newId()];
      const shuffled = (id: string, keys: number[]) => {
        const all = [...story(id), ...story(id)];
        return all.toSorted((a, b) => (keys[all.indexOf(a)] ?? 0) - (keys[all.indexOf(b)] ?? 0));
      };
      for (const next of shuffled(one, order)) await table.save(next);
      await Promise.all(shuffled(other, another).map((next) => table.save(next)));
      for (const kind of ["state", "token"]) {
        const [here, there] = [await item(`${kind}#${one}`), await item(`${kind}#${other}`)];
        expect(JSON.parse(JSON.stringify(here).replaceAll(one, other))).toEqual(there);
      }
      const expected = story(one).reduce<KnownRequest | undefined>(merge, undefined);
      const record = (await table.findStates([one], { consistentRead: true })).get(one);
      const { requestId: _, requestorWorkflowId, ownerAccountId, ...status } = record ?? {};
      expect(record && status).toEqual(expected);
      expect({ requestorWorkflowId, ownerAccountId }).toEqual(
        expected
          ? { requestorWorkflowId: "workflow", ownerAccountId: CUSTOMER }
          : { requestorWorkflowId: undefined, ownerAccountId: undefined },
      );
      const found = await table.findToken(one);
      expect(found?.accessEndsAt).toEqual(expected?.tokenExpiresAt);
    });
    await fc.assert(play, { numRuns: 12, ...replay });
  });

  test("keeps a token apart from the state, and until its end", async () => {
    const id = newId();
    await table.save(token(id, 1, 60));
    expect(await item(`state#${id}`)).toEqual({
      ...{ state: { S: "FINALIZED" }, stage: { N: "4" }, updatedAt: { N: String(at(1).getTime()) } },
      ...{ accessEndsAt: { N: String(at(60).getTime()) } },
      ...{ requestorWorkflowId: { S: "workflow" }, ownerAccountId: { S: CUSTOMER } },
      ...{ expiresAt: { N: String(at(1).getTime() / 1000 + 400 * 86_400) } },
    });
    expect(await item(`token#${id}`)).toEqual({
      ...{ token: { S: `token of ${id} until 60` }, accessEndsAt: { N: String(at(60).getTime()) } },
      ...{ ownerAccountId: { S: CUSTOMER }, updatedAt: { N: String(at(1).getTime()) } },
      ...{ expiresAt: { N: String(at(60).getTime() / 1000) } },
    });
    expect((await table.findToken(id))?.token.reveal()).toBe(`token of ${id} until 60`);
    expect(await table.findToken(newId())).toBeUndefined();
  });

  test("tells of a token only once it is there", async () => {
    const id = newId();
    const failing = new Set(["UpdateItem"]);
    let updates = 0;
    fault = ({ operation }) =>
      failing.has(operation) && ++updates === 3
        ? { error: { status: 500, code: "InternalServerError" } }
        : undefined;
    await expect(table.save(token(id, 1, 60))).rejects.toThrow("dynamodb:UpdateItem");
    expect((await table.findStates([id])).get(id)).toEqual(
      expect.not.objectContaining({ tokenExpiresAt: expect.anything() }),
    );
    fault = undefined;
    await table.save(token(id, 1, 60));
    expect((await table.findStates([id])).get(id)).toMatchObject({ tokenExpiresAt: at(60) });
  });

  test("answers for more requests than fit a call, and asks again for what DynamoDB leaves out", async () => {
    const ids = Array.from({ length: 230 }, newId);
    const known = ids.filter((_, index) => index % 23 === 0);
    for (const id of known) await table.save(notification(id, "ASSIGNED", 1));
    const client = await clients.dynamodb(REGION);
    client.middlewareStack.add(leaveOutHalf, { step: "initialize" });
    const before = harness().emulator.calls.length;
    const found = await table.findStates(ids);
    expect([...found.keys()].sort()).toEqual(known.sort());
    expect(harness().emulator.calls.length - before).toBeGreaterThan(3);
  });

  test("names the inbox that it belongs to", async () => {
    expect(await table.findInbox()).toBeUndefined();
    const { queueUrl, topicArn = "", deadLetterQueueUrl } = address;
    const Item = {
      ...{ pk: { S: "inbox" }, queueUrl: { S: queueUrl } },
      ...{ topicArn: { S: topicArn }, deadLetterQueueUrl: { S: deadLetterQueueUrl } },
    };
    await harness()
      .dynamodb(PARTNER)
      .send(new PutItemCommand({ TableName: "mailbox", Item }));
    expect(await table.findInbox()).toEqual(address);
  });

  test.each<[string, string, string | undefined, RegExp]>([
    ["is missing", TABLE.replace("mailbox", "another"), undefined, /ResourceNotFound.*Check the ARN/],
    [
      "is of another account",
      TABLE.replace(PARTNER, CUSTOMER),
      undefined,
      /AccessDenied.*to the table's account/,
    ],
    ["may not be read", TABLE, "AccessDeniedException", /dynamodb:GetItem.*LeadingKeys.*kms:Decrypt/],
    ["is encrypted with a disabled key", TABLE, "KMSDisabledException", /It must be enabled/],
    ["is busy", TABLE, "ProvisionedThroughputExceededException", /Run again later/],
  ])("says what to do when it %s", async (_, tableArn, code, message) => {
    if (code) fault = () => ({ error: { status: 400, code } });
    const other = await MailboxTable.open(clients, tableArn);
    await expect(other.findToken(newId())).rejects.toThrow(message);
  });
});

/** Has a call of BatchGetItem answer for the first half of its keys. */
const leaveOutHalf: InitializeMiddleware<ServiceInputTypes, ServiceOutputTypes> = (next) => async (args) => {
  const { RequestItems } = args.input as BatchGetItemCommandInput;
  const [[name, { Keys }] = ["", { Keys: [] }]] = Object.entries(RequestItems ?? {});
  if (Keys === undefined || Keys.length < 60) return next(args);
  const some = (keys: typeof Keys) => ({ [name]: { Keys: keys } });
  const half = Keys.length / 2;
  const input: BatchGetItemCommandInput = { RequestItems: some(Keys.slice(0, half)) };
  const answer = await next({ ...args, input });
  return { ...answer, output: { ...answer.output, UnprocessedKeys: some(Keys.slice(half)) } };
};

/** A message as SNS delivers it. */
const enveloped = (message: object, topicArn = TOPIC) =>
  JSON.stringify({ Type: "Notification", TopicArn: topicArn, Message: JSON.stringify(message) });
const stateChange = (RequestId: string, State: string) => ({
  ...{ Type: "StateChange", RequestId, State, RequestorWorkflowId: "workflow", OwnerAccountId: CUSTOMER },
  UpdatedAt: at(1).toISOString(),
});
const exchangeToken = (RequestId: string) => ({
  ...{ ...stateChange(RequestId, "FINALIZED"), Type: "ExchangeToken" },
  ...{ ExchangeToken: "very-secret", ExpiresAt: at(60).toISOString() },
});

describe("a drain", () => {
  const sqs = () => harness().sqs(PARTNER);
  const send = (...bodies: string[]) =>
    Promise.all(
      bodies.map((MessageBody) =>
        sqs().send(new SendMessageCommand({ QueueUrl: address.queueUrl, MessageBody })),
      ),
    );
  const take = (to: Partial<MailboxAddress> = {}) =>
    drain({ ...address, ...to }, clients, { waitSeconds: 0, log });
  /** How many messages are in a queue, visible or not. */
  const count = async (QueueUrl: string) => {
    const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const { Attributes = {} } = await sqs().send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
    );
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  };
  afterEach(async () => {
    for (const QueueUrl of [address.queueUrl, address.deadLetterQueueUrl])
      await sqs().send(new PurgeQueueCommand({ QueueUrl }));
  });

  test("saves what the messages of all requests tell, and deletes them", async () => {
    const [one, other] = [newId(), newId()];
    await send(enveloped(stateChange(one, "ASSIGNED")), enveloped(exchangeToken(other)));
    expect(await take()).toEqual({ received: 2, failed: 0, requestIds: new Set([one, other]) });
    expect(await count(address.queueUrl)).toBe(0);
    const states = await table.findStates([one, other]);
    expect(states.get(one)).toMatchObject({ state: "ASSIGNED", ownerAccountId: CUSTOMER });
    expect(states.get(other)).toMatchObject({ state: "FINALIZED", tokenExpiresAt: at(60) });
    expect((await table.findToken(other))?.token.reveal()).toBe("very-secret");
    expect(await take()).toEqual({ received: 0, failed: 0, requestIds: new Set() });
    expect(logged).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ["is garbled", "very-secret", /is not JSON/],
    ["came by another topic", enveloped(exchangeToken(newId()), `${TOPIC}x`), /is from a topic other/],
    ["came without a topic", JSON.stringify(exchangeToken(newId())), /no SNS envelope/],
    [
      "names no request",
      enveloped(exchangeToken("../../elsewhere/of/another")),
      /does not name a delegation request/,
    ],
  ])("moves what %s to the dead-letter queue, with the reason", async (_, body, reason) => {
    await send(body);
    expect(await take()).toEqual({ received: 1, failed: 0, requestIds: new Set() });
    expect(await count(address.queueUrl)).toBe(0);
    const receive = new ReceiveMessageCommand({
      QueueUrl: address.deadLetterQueueUrl,
      MessageAttributeNames: ["All"],
    });
    const { Messages: [message] = [] } = await sqs().send(receive);
    expect(message?.Body).toBe(body);
    expect(message?.MessageAttributes?.["reason"]?.StringValue).toMatch(reason);
    expect(logged).toEqual([expect.stringMatching(/was moved to the dead-letter queue/)]);
    expect(logged.join()).not.toContain("very-secret");
  });

  test.each<[string, string | undefined, RegExp]>([
    ["there is no dead-letter queue", undefined, /It remains there, because the inbox has no/],
    ["the dead-letter queue does not exist", "missing", /It remains there.*sqs:SendMessage.*does not exist/],
  ])("leaves such a message where it is, and ends no wait, when %s", async (_, name, message) => {
    await send("garbled: very-secret");
    const { deadLetterQueueUrl, ...to } = address;
    const elsewhere = name && deadLetterQueueUrl.replace("dead-letters", name);
    const drained = drain({ ...to, ...(elsewhere && { deadLetterQueueUrl: elsewhere }) }, clients, {
      waitSeconds: 0,
      log,
    });
    expect(await drained).toEqual({ received: 1, failed: 0, requestIds: new Set() });
    expect(await count(address.queueUrl)).toBe(1);
    expect(logged).toEqual([expect.stringMatching(message)]);
    expect(logged.join()).not.toContain("very-secret");
  });

  test("leaves a message whose write fails, and goes on with the others", async () => {
    const ids = [newId(), newId(), newId()];
    await send(...ids.map((id) => enveloped(stateChange(id, "ASSIGNED"))));
    let updates = 0;
    fault = ({ operation }) =>
      operation === "UpdateItem" && ++updates === 2
        ? { error: { status: 400, code: "ProvisionedThroughputExceededException" } }
        : undefined;
    const { failed, requestIds } = await take();
    expect([failed, requestIds.size]).toEqual([1, 2]);
    expect(await count(address.queueUrl)).toBe(1);
    expect(logged).toEqual([expect.stringMatching(/1 of 3 messages could not be saved and remain/)]);
  });

  test.each([1, 2, 3, 4])(
    "that loses answer %d and is not heard of again leaves nothing undone",
    async (lost) => {
      const id = newId();
      const message = enveloped(exchangeToken(id));
      await send(message);
      let writes = 0;
      fault = ({ operation }) =>
        /UpdateItem|DeleteMessageBatch/.test(operation) && ++writes >= lost ? { drop: true } : undefined;
      await expect(take()).rejects.toMatchObject({ code: "ECONNRESET" });
      fault = undefined;
      expect(await count(address.queueUrl)).toBe(1);
      // As SQS hands it out again.
      await send(message);
      await take();
      expect((await table.findStates([id])).get(id)).toMatchObject({
        state: "FINALIZED",
        tokenExpiresAt: at(60),
      });
      expect((await table.findToken(id))?.token.reveal()).toBe("very-secret");
    },
  );

  test("fails when no write succeeds, and leaves all notifications", async () => {
    const notifications = [newId(), newId()].map((id) => enveloped(stateChange(id, "ASSIGNED")));
    await send(...notifications, "garbled");
    fault = ({ operation }) =>
      operation === "UpdateItem" ? { error: { status: 400, code: "AccessDeniedException" } } : undefined;
    await expect(take()).rejects.toThrow(/dynamodb:UpdateItem.*AccessDenied/);
    expect(await count(address.queueUrl)).toBe(2);
  });

  test("tells what could not be deleted", async () => {
    await send(enveloped(stateChange(newId(), "ASSIGNED")));
    const client = await clients.sqs(REGION);
    client.middlewareStack.add(
      (next) => async (args) => {
        const { Entries } = args.input as { Entries?: { Id: string }[] };
        if (!Entries) return next(args);
        const Failed = Entries.map(({ Id }) => ({ Id, Code: "InternalError", SenderFault: false }));
        return { response: {}, output: { $metadata: {}, Successful: [], Failed } };
      },
      { step: "initialize", name: "failDeletes" },
    );
    expect((await take()).received).toBe(1);
    expect(logged).toEqual([expect.stringMatching(/could not be deleted from the queue \(InternalError\)/)]);
  });

  test("says what to do when there is no such queue", async () => {
    await expect(take({ queueUrl: `${address.queueUrl}x` })).rejects.toThrow("The queue does not exist in");
  });

  test("ends when it is stopped", async () => {
    const stopped = new AbortController();
    const draining = drain(address, clients, { waitSeconds: 20, abortSignal: stopped.signal, log });
    stopped.abort();
    await expect(draining).rejects.toMatchObject({ code: "AbortError" });
  });
});

describe("the handler of a Lambda function", () => {
  const event = (...bodies: string[]) => ({
    Records: bodies.map((body, index) => ({
      ...{
        messageId: `message-${index}`,
        receiptHandle: "handle",
        body,
        attributes: {},
        messageAttributes: {},
      },
      ...{ md5OfBody: "", eventSource: "aws:sqs", eventSourceARN: "arn", awsRegion: REGION },
    })),
  });
  let environment: jest.ReplaceProperty<NodeJS.ProcessEnv>;
  beforeEach(() => {
    environment = jest.replaceProperty(process, "env", {
      ...process.env,
      AWS_ENDPOINT_URL: harness().emulator.endpoint,
      AWS_ACCESS_KEY_ID: PARTNER,
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_MAX_ATTEMPTS: "1",
    });
  });
  afterEach(() => {
    environment.restore();
  });

  test("saves what the messages tell", async () => {
    const id = newId();
    const handler = mailboxHandler({ tableArn: TABLE, topicArn: TOPIC, log });
    expect(
      await handler(event(enveloped(exchangeToken(id)), enveloped(stateChange(id, "ACCEPTED")))),
    ).toEqual({
      batchItemFailures: [],
    });
    expect((await table.findStates([id])).get(id)).toMatchObject({ tokenExpiresAt: at(60) });
  });

  test("leaves in the queue what is no notification, or moves it to the dead-letter queue", async () => {
    const { queueUrl: _, deadLetterQueueUrl, ...to } = address;
    const mixed = event(enveloped(stateChange(newId(), "ASSIGNED")), "garbled");
    expect(await mailboxHandler({ ...to, log })(mixed)).toEqual({
      batchItemFailures: [{ itemIdentifier: "message-1" }],
    });
    const moving = mailboxHandler({ ...to, deadLetterQueueUrl, log });
    expect(await moving(mixed)).toEqual({ batchItemFailures: [] });
    // Whether the mapping reports failures of single messages is not known: without, this one would be deleted.
    const missing = mailboxHandler({ ...to, deadLetterQueueUrl: `${deadLetterQueueUrl}x`, log: () => {} });
    await expect(missing(mixed)).rejects.toThrow("sqs:SendMessage");
    expect(logged).toEqual([expect.stringMatching(/remains there/), expect.stringMatching(/was moved/)]);
  });

  test("fails when a write fails, so that nothing is lost", async () => {
    let updates = 0;
    fault = ({ operation }) =>
      operation === "UpdateItem" && ++updates === 1
        ? { error: { status: 400, code: "AccessDeniedException" } }
        : undefined;
    const both = event(
      enveloped(stateChange(newId(), "ASSIGNED")),
      enveloped(stateChange(newId(), "ASSIGNED")),
    );
    await expect(mailboxHandler({ tableArn: TABLE, log })(both)).rejects.toThrow("dynamodb:UpdateItem");
  });

  test.each(["tableArn", "topicArn"])(
    "fails without %s, as when an environment variable is missing",
    async (one) => {
      const { queueUrl: _, ...to } = address;
      const handler = mailboxHandler({ ...to, [one]: "", log });
      await expect(handler(event(enveloped(stateChange(newId(), "ASSIGNED"))))).rejects.toThrow(
        `mailboxHandler: ${one} must not be empty`,
      );
      expect(logged).toEqual([]);
    },
  );

  test("has no dead-letter queue when that is an empty environment variable", async () => {
    const handler = mailboxHandler({ tableArn: TABLE, topicArn: TOPIC, deadLetterQueueUrl: "", log });
    expect((await handler(event("garbled"))).batchItemFailures).toHaveLength(1);
  });

  test("refuses the events of others", async () => {
    await expect(mailboxHandler({ tableArn: TABLE })({ Records: [{ s3: {} }] })).rejects.toThrow(TypeError);
  });
});
