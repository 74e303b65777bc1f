import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { CUSTOMER, failure, type Harness, PARTNER, signed, startHarness } from "../harness";
import { deleteTopicsAndQueues } from "./removal";

const FAUXQS_ACCOUNT = "000000000000";
let harness: Harness;
let lines: string[] = [];
beforeAll(async () => {
  harness = await startHarness({ log: (line) => lines.push(line) });
});
afterAll(() => harness?.close());
beforeEach(() => {
  lines = [];
});
afterEach(() => deleteTopicsAndQueues(harness, PARTNER, CUSTOMER, "test"));

const topicArn = (account: string) => `arn:aws:sns:us-east-1:${account}:news`;
const queueArn = (account: string, name = "inbox") => `arn:aws:sqs:us-east-1:${account}:${name}`;
const createTopic = async (account: string, Attributes: Record<string, string> = {}) =>
  (await harness.sns(account).send(new CreateTopicCommand({ Name: "news", Attributes }))).TopicArn ?? "";
const createQueue = async (account: string, Attributes: Record<string, string> = {}, QueueName = "inbox") =>
  (await harness.sqs(account).send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
const subscribe = (account: string, Endpoint: string) =>
  harness.sns(account).send(new SubscribeCommand({ TopicArn: topicArn(account), Protocol: "sqs", Endpoint }));
const receive = async (account: string, QueueUrl: string, more: { WaitTimeSeconds?: number } = {}) => {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more });
  return (await harness.sqs(account).send(command)).Messages ?? [];
};

describe("all attributes of a queue", () => {
  const attributesOf = async (QueueUrl: string) => {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
    return (await harness.sqs(PARTNER).send(command)).Attributes;
  };

  it("have those that the aws provider sets and waits for", async () => {
    const RedriveAllowPolicy = JSON.stringify({ redrivePermission: "denyAll" });
    const set = { SqsManagedSseEnabled: "true", MaximumMessageSize: "262144", RedriveAllowPolicy };
    expect(await attributesOf(await createQueue(PARTNER, set))).toMatchObject(set);
  });

  it("say how it is encrypted, as SQS does by default", async () => {
    expect(await attributesOf(await createQueue(PARTNER))).toMatchObject({ SqsManagedSseEnabled: "true" });
    const withKey = await createQueue(PARTNER, { KmsMasterKeyId: "alias/inbox" }, "encrypted");
    expect(await attributesOf(withKey)).toMatchObject({ SqsManagedSseEnabled: "false" });
  });
});

describe.each([PARTNER, FAUXQS_ACCOUNT])("topics and queues of %s", (account) => {
  const who = account === FAUXQS_ACCOUNT ? "test" : account;

  it("name their account in every ARN and URL", async () => {
    expect(await createTopic(who)).toBe(topicArn(account));
    const url = await createQueue(who);
    expect(url).toBe(`${harness.emulator.endpoint}/${account}/inbox`);
    const { SubscriptionArn = "" } = await harness
      .sns(who)
      .send(
        new SubscribeCommand({ TopicArn: topicArn(account), Protocol: "sqs", Endpoint: queueArn(account) }),
      );
    expect(SubscriptionArn).toMatch(new RegExp(`^${topicArn(account)}:`));

    const sns = harness.sns(who);
    const { Attributes: topic } = await sns.send(
      new GetTopicAttributesCommand({ TopicArn: topicArn(account) }),
    );
    expect(topic).toMatchObject({ TopicArn: topicArn(account), Owner: account, SubscriptionsConfirmed: "1" });
    expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn: topicArn(account) }]);
    const onTopic = new ListSubscriptionsByTopicCommand({ TopicArn: topicArn(account) });
    expect((await sns.send(onTopic)).Subscriptions).toMatchObject([
      { SubscriptionArn, TopicArn: topicArn(account), Endpoint: queueArn(account), Owner: account },
    ]);
    const { Attributes: subscription } = await sns.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn }),
    );
    expect(subscription).toMatchObject({
      SubscriptionArn,
      TopicArn: topicArn(account),
      Endpoint: queueArn(account),
    });

    const sqs = harness.sqs(who);
    const all = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] });
    expect((await sqs.send(all)).Attributes).toMatchObject({ QueueArn: queueArn(account) });
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: "inbox" }))).QueueUrl).toBe(url);
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([url]);
  });

  it("deliver, in an envelope that names the topic", async () => {
    await createTopic(who);
    const url = await createQueue(who);
    const { SubscriptionArn } = await subscribe(who, queueArn(account)).catch(() =>
      harness
        .sns(who)
        .send(
          new SubscribeCommand({ TopicArn: topicArn(account), Protocol: "sqs", Endpoint: queueArn(account) }),
        ),
    );
    const Message = `see ${topicArn(PARTNER)} and ${queueArn(FAUXQS_ACCOUNT)} <&> é`;
    await harness
      .sns(who)
      .send(new PublishCommand({ TopicArn: topicArn(account), Message, Subject: "greeting" }));
    const [message] = await receive(who, url);
    const envelope = JSON.parse(message?.Body ?? "");
    expect(envelope).toMatchObject({
      Type: "Notification",
      TopicArn: topicArn(account),
      Message,
      Subject: "greeting",
    });
    expect(envelope.UnsubscribeURL).toContain(SubscriptionArn);
    await harness
      .sqs(who)
      .send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }));
  });

  it("leave alone what users write", async () => {
    const Policy = JSON.stringify({
      Statement: [queueArn(PARTNER), topicArn(FAUXQS_ACCOUNT)].map((Resource) => ({
        Effect: "Deny",
        Resource,
      })),
    });
    await createTopic(who, { Policy });
    const { Attributes: topic } = await harness
      .sns(who)
      .send(new GetTopicAttributesCommand({ TopicArn: topicArn(account) }));
    expect(topic?.["Policy"]).toBe(Policy);
    const url = await createQueue(who, { Policy });
    const sqs = harness.sqs(who);
    const policy = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["Policy"] });
    expect((await sqs.send(policy)).Attributes).toEqual({ Policy });
    const MessageBody = `${queueArn(PARTNER)} ${topicArn(FAUXQS_ACCOUNT)} {"QueueUrl":"${url}"}`;
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    expect((await receive(who, url)).map(({ Body }) => Body)).toEqual([MessageBody]);
  });

  it("leave a notification as it is that is sent to a queue again", async () => {
    const sqs = harness.sqs(who);
    const url = await createQueue(who);
    const topic = topicArn(account);
    const MessageBody = JSON.stringify({ Type: "Notification", TopicArn: topic, Message: "x" });
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    const [message] = await receive(who, url);
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({ TopicArn: topic, Message: "x" });
  });

  it("have dead-letter queues", async () => {
    const dead = await createQueue(who, {}, "dead");
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: queueArn(account, "dead"),
      maxReceiveCount: 1,
    });
    const url = await createQueue(who, { RedrivePolicy, VisibilityTimeout: "0" });
    const sqs = harness.sqs(who);
    const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["RedrivePolicy"] });
    expect(JSON.parse((await sqs.send(asked)).Attributes?.RedrivePolicy ?? "")).toEqual(
      JSON.parse(RedrivePolicy),
    );
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "x" }));
    await receive(who, url);
    await receive(who, url);
    expect((await receive(who, dead)).map(({ Body }) => Body)).toEqual(["x"]);
  });
});

it("keeps accounts apart", async () => {
  await createTopic(PARTNER);
  const url = await createQueue(PARTNER);
  await createTopic(CUSTOMER);
  expect((await harness.sns(CUSTOMER).send(new ListTopicsCommand({}))).Topics).toEqual([
    { TopicArn: topicArn(CUSTOMER) },
  ]);
  const publish = harness
    .sns(CUSTOMER)
    .send(new PublishCommand({ TopicArn: topicArn(PARTNER), Message: "x" }));
  expect(await failure(publish)).toMatchObject({ code: "NotFound", status: 404 });
  expect((await failure(receive(CUSTOMER, url))).code).toContain("NonExistentQueue");
});

it("refuses a subscription that could not be delivered to", async () => {
  await createTopic(PARTNER);
  expect(await failure(subscribe(PARTNER, queueArn(CUSTOMER)))).toMatchObject({
    code: "InvalidParameter",
    status: 400,
  });
});

it("answers errors in SNS's and SQS's shape, and logs them without input", async () => {
  const publish = harness
    .sns(PARTNER)
    .send(new PublishCommand({ TopicArn: topicArn(PARTNER), Message: "the secret" }));
  expect(await failure(publish)).toMatchObject({ code: "NotFound", status: 404 });
  const odd = await fetch(harness.emulator.endpoint, {
    method: "POST",
    headers: { ...signed("sns"), "content-type": "application/x-www-form-urlencoded" },
    body: `Action=${encodeURIComponent("x\nforged line")}`,
  });
  expect(odd.status).toBe(400);
  const broken = await fetch(harness.emulator.endpoint, {
    method: "POST",
    headers: {
      ...signed("sqs"),
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "AmazonSQS.ListQueues",
    },
    body: "{",
  });
  expect(broken.status).toBe(400);
  expect(await broken.text()).toContain("__type");
  expect(lines.map((line) => line.slice("2026-03-01T12:00:00.000Z ".length))).toEqual([
    "111122223333 sns:Publish 404 NotFound",
    "111122223333 sns:unknown 400 InvalidAction",
    expect.stringMatching(/^111122223333 sqs:ListQueues 400 /),
  ]);
});

it("keeps the clock's time: of messages, of their delays, and of how long a reader has them", async () => {
  await createTopic(PARTNER);
  const url = await createQueue(PARTNER);
  await subscribe(PARTNER, queueArn(PARTNER));
  const publish = new PublishCommand({ TopicArn: topicArn(PARTNER), Message: "x" });
  await harness.sns(PARTNER).send(publish);
  const published = expect.stringContaining(`"Timestamp":"${harness.clock.now().toISOString()}"`);
  const delayed = new SendMessageCommand({ QueueUrl: url, MessageBody: "late", DelaySeconds: 60 });
  await harness.sqs(PARTNER).send(delayed);
  const received = async () => (await receive(PARTNER, url)).map(({ Body }) => Body);
  expect(await received()).toEqual([published]);
  harness.clock.advance("29s");
  expect(await received()).toEqual([]);
  harness.clock.advance("1s");
  expect(await received()).toEqual([published]);
  harness.clock.advance("29s");
  expect(await received()).toEqual([]);
  harness.clock.advance("1s");
  expect(await received()).toEqual([published, "late"]);
});

it("waits at no empty queue for as long as it is told while the clock stands still", async () => {
  const url = await createQueue(PARTNER, { ReceiveMessageWaitTimeSeconds: "20" });
  const start = performance.now();
  expect(await receive(PARTNER, url)).toEqual([]);
  expect(await receive(PARTNER, url, { WaitTimeSeconds: 20 })).toEqual([]);
  expect(performance.now() - start).toBeLessThan(20_000);
  const forTooLong = receive(PARTNER, url, { WaitTimeSeconds: 21 });
  expect(await failure(forTooLong)).toMatchObject({
    status: 400,
    code: "AWS.SimpleQueueService.InvalidParameterValue",
  });
});
