import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type TestEmulator, type TestStack, testStack } from "../../src/testing";

const policyOf = (service: string, action: string, resource: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: action, Resource: resource }],
  });

let emulator: TestEmulator;
let tests = 0;
/** An account for each test. */
let vendor: string;
let stack: TestStack;
let program: () => unknown;
let sns: SNSClient;
let sqs: SQSClient;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator?.close());
beforeEach(async () => {
  vendor = String(111122220000 + ++tests);
  stack = await testStack({
    ...{ emulator, account: vendor },
    program: () => program() as Record<string, unknown>,
    region: "eu-west-1",
  });
  const settings = {
    endpoint: emulator.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: vendor, secretAccessKey: "x" },
  };
  sns = new SNSClient(settings);
  sqs = new SQSClient(settings);
  dynamodb = new DynamoDBClient(settings);
});
afterEach(async () => {
  sns.destroy();
  sqs.destroy();
  dynamodb.destroy();
  await stack.close();
});

const topicAttributes = async (TopicArn: string) =>
  (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes;
const queueAttributes = async (QueueUrl: string) =>
  (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }))).Attributes;
const living = async () => ({
  topics: (await sns.send(new ListTopicsCommand({}))).Topics,
  queues: (await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [],
  subscriptions: (await sns.send(new ListSubscriptionsCommand({}))).Subscriptions,
});

test("a topic: made, named by itself, updated in place, replaced, and gone", async () => {
  let args: aws.sns.TopicArgs = { displayName: "News", tags: { team: "a", old: "yes" } };
  program = () => {
    const topic = new aws.sns.Topic("news", args);
    return { arn: topic.arn, name: topic.name, id: topic.id, owner: topic.owner };
  };
  const { outputs } = await stack.up();
  const arn = String(outputs["arn"]);
  expect(outputs).toEqual({
    name: expect.stringMatching(/^news-[0-9a-f]{7}$/),
    arn: `arn:aws:sns:eu-west-1:${vendor}:${outputs["name"]}`,
    id: arn,
    owner: vendor,
  });
  expect(await topicAttributes(arn)).toMatchObject({ DisplayName: "News" });
  expect((await stack.up()).changes).toEqual([]);
  expect((await stack.refresh()).changes).toEqual([]);

  args = { displayName: "Old news", tags: { team: "b" } };
  expect((await stack.preview()).outputs).toEqual(outputs);
  expect((await stack.up()).changes).toEqual(["update Topic news"]);
  expect(await topicAttributes(arn)).toMatchObject({ DisplayName: "Old news" });
  expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags).toEqual([
    { Key: "team", Value: "b" },
  ]);
  expect(stack.resource("news").outputs["tagsAll"]).toEqual({ team: "b" });

  args = { name: "given" };
  expect((await stack.up()).changes).toEqual(["replace Topic news"]);
  expect((await living()).topics).toEqual([{ TopicArn: `arn:aws:sns:eu-west-1:${vendor}:given` }]);

  await stack.destroy();
  expect((await living()).topics).toEqual([]);
});

test("a queue: made, named by itself, updated in place, replaced, and gone", async () => {
  let args: aws.sqs.QueueArgs = {
    visibilityTimeoutSeconds: 60,
    sqsManagedSseEnabled: true,
    tags: { team: "a" },
  };
  program = () => {
    const queue = new aws.sqs.Queue("work", args);
    return { arn: queue.arn, name: queue.name, id: queue.id, url: queue.url };
  };
  const { outputs } = await stack.up();
  const url = String(outputs["url"]);
  expect(outputs).toEqual({
    name: expect.stringMatching(/^work-[0-9a-f]{7}$/),
    arn: `arn:aws:sqs:eu-west-1:${vendor}:${outputs["name"]}`,
    url: `${emulator.endpoint}/${vendor}/${outputs["name"]}`,
    id: url,
  });
  expect(await queueAttributes(url)).toMatchObject({ VisibilityTimeout: "60" });
  expect((await stack.refresh()).changes).toEqual([]);
  expect((await stack.up()).changes).toEqual([]);

  args = { visibilityTimeoutSeconds: 90, delaySeconds: 5, sqsManagedSseEnabled: false, tags: {} };
  expect((await stack.up()).changes).toEqual(["update Queue work"]);
  expect(await queueAttributes(url)).toMatchObject({ VisibilityTimeout: "90", DelaySeconds: "5" });
  expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags ?? {}).toEqual({});

  args = { delaySeconds: 5 };
  expect((await stack.up()).changes).toEqual(["update Queue work"]);
  expect(await queueAttributes(url)).toMatchObject({ VisibilityTimeout: "30", DelaySeconds: "5" });

  args = { namePrefix: "jobs-" };
  expect((await stack.up()).changes).toEqual(["replace Queue work"]);
  expect((await living()).queues).toEqual([expect.stringMatching(/\/jobs-[0-9a-f]{7}$/)]);

  await stack.destroy();
  expect((await living()).queues).toEqual([]);
});

const described = async (TableName: string) => ({
  ...(await dynamodb.send(new DescribeTableCommand({ TableName }))).Table,
  ...(await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription,
  ...(await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription
    ?.PointInTimeRecoveryDescription,
});
const tables = async () => (await dynamodb.send(new ListTablesCommand({}))).TableNames;

test("a table: made, named by itself, updated in place, replaced, and gone", async () => {
  const keyArn = `arn:aws:kms:eu-west-1:${vendor}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const key = { hashKey: "pk", attributes: [{ name: "pk", type: "S" }] };
  let args: aws.dynamodb.TableArgs = {
    ...key,
    billingMode: "PAY_PER_REQUEST",
    ttl: { attributeName: "expiresAt", enabled: true },
    serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
    tags: { team: "a", old: "yes" },
  };
  program = () => {
    const table = new aws.dynamodb.Table("mail", args);
    return { arn: table.arn, name: table.name, id: table.id };
  };
  const { outputs } = await stack.up();
  const name = String(outputs["name"]);
  expect(outputs).toEqual({
    name: expect.stringMatching(/^mail-[0-9a-f]{7}$/),
    arn: `arn:aws:dynamodb:eu-west-1:${vendor}:table/${name}`,
    id: name,
  });
  expect(await described(name)).toMatchObject({
    TableStatus: "ACTIVE",
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    SSEDescription: { KMSMasterKeyArn: keyArn },
    TimeToLiveStatus: "ENABLED",
    AttributeName: "expiresAt",
    PointInTimeRecoveryStatus: "DISABLED",
  });
  expect((await stack.refresh()).changes).toEqual([]);
  expect((await stack.up()).changes).toEqual([]);

  args = {
    ...key,
    billingMode: "PAY_PER_REQUEST",
    ttl: { attributeName: "until", enabled: true },
    pointInTimeRecovery: { enabled: true },
    deletionProtectionEnabled: true,
    tags: { team: "b" },
  };
  expect((await stack.up()).changes).toEqual(["update Table mail"]);
  const updated = await described(name);
  expect(updated).toMatchObject({
    AttributeName: "until",
    PointInTimeRecoveryStatus: "ENABLED",
    DeletionProtectionEnabled: true,
  });
  expect(updated.SSEDescription).toBeUndefined();
  const tags = new ListTagsOfResourceCommand({ ResourceArn: String(outputs["arn"]) });
  expect((await dynamodb.send(tags)).Tags).toEqual([{ Key: "team", Value: "b" }]);
  expect((await stack.refresh()).changes).toEqual([]);
  await expect(stack.destroy()).rejects.toThrow("protected against deletion");

  await dynamodb.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
  const off = { Enabled: false, AttributeName: "until" };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: off }));
  await stack.refresh();
  expect(stack.resource("mail").outputs).toMatchObject({
    deletionProtectionEnabled: false,
    ttl: { enabled: false },
  });
  args = { ...args, deletionProtectionEnabled: false };
  expect((await stack.up()).changes).toEqual(["update Table mail"]);
  expect(await described(name)).toMatchObject({ TimeToLiveStatus: "ENABLED", AttributeName: "until" });

  args = { ...args, hashKey: "key", attributes: [{ name: "key", type: "S" }] };
  expect((await stack.up()).changes).toEqual(["replace Table mail"]);
  expect(await tables()).toEqual([expect.not.stringMatching(name)]);
  await stack.destroy();
  expect(await tables()).toEqual([]);
});

test("an item: written once, changed, moved to another key, made again when it is gone", async () => {
  let item: object = { pk: { S: "inbox" }, url: { S: "a" } };
  program = () => {
    const table = new aws.dynamodb.Table("mail", {
      ...{ hashKey: "pk", attributes: [{ name: "pk", type: "S" }], billingMode: "PAY_PER_REQUEST" },
    });
    const { name, hashKey } = table;
    new aws.dynamodb.TableItem("inbox", { tableName: name, hashKey, item: JSON.stringify(item) });
    return { name };
  };
  const { outputs } = await stack.up();
  const TableName = String(outputs["name"]);
  const find = async (pk: string) =>
    (await dynamodb.send(new GetItemCommand({ TableName, Key: { pk: { S: pk } } }))).Item;
  expect(await find("inbox")).toEqual(item);
  expect((await stack.refresh()).changes).toEqual([]);
  expect((await stack.up()).changes).toEqual([]);

  item = { pk: { S: "inbox" }, url: { S: "b" } };
  expect((await stack.up()).changes).toEqual(["update TableItem inbox"]);
  expect(await find("inbox")).toEqual(item);
  const foreign = { pk: { S: "inbox" }, url: { S: "c" } };
  await dynamodb.send(new PutItemCommand({ TableName, Item: foreign }));
  await stack.refresh();
  expect((await stack.up()).changes).toEqual(["update TableItem inbox"]);
  expect(await find("inbox")).toEqual(item);

  item = { pk: { S: "other" }, url: { S: "b" } };
  expect((await stack.up()).changes).toEqual(["update TableItem inbox"]);
  expect([await find("inbox"), await find("other")]).toEqual([undefined, item]);
  await dynamodb.send(new DeleteItemCommand({ TableName, Key: { pk: { S: "other" } } }));
  expect((await stack.refresh()).changes).toEqual(["delete TableItem inbox"]);
  await dynamodb.send(new PutItemCommand({ TableName, Item: foreign }));
  item = foreign;
  // Another's item is not overwritten.
  await expect(stack.up()).rejects.toThrow("The conditional request failed");
  expect((await stack.destroy()).changes).toEqual(["delete Table mail"]);
});

test("policies and a subscription: set, changed, and taken away again", async () => {
  let service = "iam.amazonaws.com";
  let raw = false;
  program = () => {
    const topic = new aws.sns.Topic("news");
    const queue = new aws.sqs.Queue("news");
    const policy = topic.arn.apply((arn) => policyOf(service, "SNS:Publish", arn));
    new aws.sns.TopicPolicy("news", { arn: topic.arn, policy });
    const queuePolicy = queue.arn.apply((arn) => policyOf("sns.amazonaws.com", "sqs:SendMessage", arn));
    if (raw) return { arn: topic.arn, url: queue.url, subscription: subscribe(topic, queue) };
    new aws.sqs.QueuePolicy("news", { queueUrl: queue.url, policy: queuePolicy });
    return { arn: topic.arn, url: queue.url, subscription: subscribe(topic, queue) };
  };
  const subscribe = (topic: aws.sns.Topic, queue: aws.sqs.Queue) =>
    new aws.sns.TopicSubscription("news", {
      ...{ topic: topic.arn, protocol: "sqs", endpoint: queue.arn },
      rawMessageDelivery: raw,
    }).arn;
  const { outputs } = await stack.up();
  const [arn, url, subscription] = ["arn", "url", "subscription"].map((name) => String(outputs[name])) as [
    string,
    string,
    string,
  ];
  expect(subscription).toMatch(new RegExp(`^${arn}:[0-9a-f-]{36}$`));
  expect((await topicAttributes(arn))?.["Policy"]).toContain("iam.amazonaws.com");
  expect((await queueAttributes(url))?.["Policy"]).toContain("sns.amazonaws.com");
  expect((await stack.refresh()).changes).toEqual([]);
  expect((await stack.up()).changes).toEqual([]);

  service = "backup.amazonaws.com";
  raw = true;
  expect((await stack.up()).changes).toEqual([
    "delete QueuePolicy news",
    "update TopicPolicy news",
    "update TopicSubscription news",
  ]);
  expect((await topicAttributes(arn))?.["Policy"]).toContain("backup.amazonaws.com");
  expect((await queueAttributes(url))?.["Policy"] ?? "").toBe("");
  const { Attributes } = await sns.send(
    new GetSubscriptionAttributesCommand({ SubscriptionArn: subscription }),
  );
  expect(Attributes).toMatchObject({ RawMessageDelivery: "true" });

  await stack.destroy();
  expect(await living()).toEqual({ topics: [], queues: [], subscriptions: [] });
});

test("a refresh shows what was changed behind Pulumi's back, and the next up makes it good", async () => {
  program = () => {
    const topic = new aws.sns.Topic("news", { displayName: "News" });
    const queue = new aws.sqs.Queue("news", { delaySeconds: 5, name: "news" });
    return { arn: topic.arn, url: queue.url };
  };
  const { outputs } = await stack.up();
  const [TopicArn, QueueUrl] = [String(outputs["arn"]), String(outputs["url"])];
  const change = { TopicArn, AttributeName: "DisplayName", AttributeValue: "Fake news" };
  await sns.send(new SetTopicAttributesCommand(change));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: "7" } }));
  await stack.refresh();
  expect(stack.resource("news", "Topic").outputs["displayName"]).toBe("Fake news");
  expect(stack.resource("news", "Queue").outputs["delaySeconds"]).toBe(7);
  expect((await stack.up()).changes).toEqual(["update Queue news", "update Topic news"]);
  expect(await topicAttributes(TopicArn)).toMatchObject({ DisplayName: "News" });

  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  expect((await stack.refresh()).changes).toEqual(["delete Queue news"]);
  expect((await stack.up()).changes).toEqual(["create Queue news"]);
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  expect((await stack.destroy()).changes).toEqual(["delete Queue news", "delete Topic news"]);
});

test("a replacement has a name of its own, and so has what comes again", async () => {
  let region = "eu-west-1";
  program = () => ({ name: new aws.sqs.Queue("work", { region: region as aws.Region }).name });
  const first = await stack.up();
  region = "us-east-1";
  const second = await stack.up();
  expect(second.changes).toEqual(["replace Queue work"]);
  expect(second.outputs["name"]).not.toBe(first.outputs["name"]);
  expect((await living()).queues).toEqual([expect.stringContaining(String(second.outputs["name"]))]);
  await stack.destroy();
});

test("keys are made up: ids and ARNs as AWS has them, and nothing behind them", async () => {
  program = () => {
    const key = new aws.kms.Key("vault", { description: "one", tags: { team: "a" } });
    new aws.kms.KeyPolicy("vault", {
      keyId: key.keyId,
      policy: policyOf("iam.amazonaws.com", "kms:Decrypt", "*"),
    });
    return { id: key.id, keyId: key.keyId, arn: key.arn };
  };
  const { outputs } = await stack.up();
  const { keyId } = outputs;
  expect(keyId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(outputs).toEqual({ id: keyId, keyId, arn: `arn:aws:kms:eu-west-1:${vendor}:key/${keyId}` });
  expect((await stack.refresh()).changes).toEqual([]);
  expect((await stack.up()).changes).toEqual([]);
  expect((await stack.destroy()).changes).toEqual(["delete Key vault", "delete KeyPolicy vault"]);
});

describe("act as their explicit aws.Provider says:", () => {
  const CUSTOMER = "222222222222";
  const queueOf = (args: aws.ProviderArgs) => () => {
    const provider = new aws.Provider("customer", args);
    return { arn: new aws.sqs.Queue("jobs", { name: "jobs" }, { provider }).arn };
  };

  test("keys and region", async () => {
    program = queueOf({ region: "us-west-2", accessKey: CUSTOMER, secretKey: "x" });
    expect((await stack.up()).outputs).toEqual({ arn: `arn:aws:sqs:us-west-2:${CUSTOMER}:jobs` });
    expect((await stack.refresh()).changes).toEqual([]);
    await stack.destroy();
    expect(emulator.calls.at(-1)).toMatchObject({ operation: "DeleteQueue", status: 200 });
  });

  test("a profile of a shared file, whose process the AWS SDK runs where the program runs", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aws-approvals-standins-"));
    const key = `{"Version":1,"AccessKeyId":"${CUSTOMER}","SecretAccessKey":"x"}`;
    writeFileSync(join(folder, "key.json"), key);
    writeFileSync(join(folder, "profiles"), "[profile customer]\ncredential_process = cat key.json\n");
    await using elsewhere = await testStack({
      emulator,
      program: queueOf({ region: "us-east-1", profile: "customer", sharedConfigFiles: ["profiles"] }),
      cwd: folder,
    });
    expect((await elsewhere.up()).outputs).toEqual({ arn: `arn:aws:sqs:us-east-1:${CUSTOMER}:jobs` });
    rmSync(join(folder, "key.json"));
    await expect(elsewhere.refresh()).rejects.toThrow("unable to validate AWS credentials");
    rmSync(folder, { recursive: true });
  });

  test("no other account than those allowed", async () => {
    program = queueOf({ accessKey: CUSTOMER, secretKey: "x", allowedAccountIds: ["333333333333"] });
    await expect(stack.up()).rejects.toThrow(`AWS account ID not allowed: ${CUSTOMER}`);
  });
});

test("names are the same in every run of a test", async () => {
  const names = async () => {
    const again = await testStack({
      emulator,
      program: () => ({ name: new aws.sns.Topic("news").name, arn: pulumi.output("") }),
    });
    const { outputs } = await again.up();
    await again.close();
    return outputs.name;
  };
  expect(await names()).toBe(await names());
});

test("an error of the embedded AWS fails the resource, with AWS's own words", async () => {
  const topic = `arn:aws:sns:eu-west-1:${vendor}:nowhere`;
  const endpoint = `arn:aws:sqs:eu-west-1:${vendor}:nowhere`;
  program = () => void new aws.sns.TopicSubscription("news", { topic, protocol: "sqs", endpoint });
  await expect(stack.up()).rejects.toThrow("Topic does not exist");
  program = () => void new aws.sqs.QueuePolicy("news", { queueUrl: "http://nowhere", policy: "{}" });
  await expect(stack.up()).rejects.toThrow("The specified queue does not exist");
  emulator.injectFaults({ operation: "sns:CreateTopic", answer: 403 });
  program = () => void new aws.sns.Topic("news");
  await expect(stack.up()).rejects.toThrow("Injected fault: AccessDenied");
  emulator.injectFaults({ operation: "sns:CreateTopic", drop: true });
  await expect(stack.up()).rejects.toThrow("sns:CreateTopic: the connection to the embedded AWS at http");
  expect((await stack.up()).changes).toEqual(["create Topic news"]);
});
