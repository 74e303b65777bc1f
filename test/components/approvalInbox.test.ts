import * as pulumi from "@pulumi/pulumi";
import { ApprovalInbox, type ApprovalInboxArgs } from "../../src";
import { keyPolicy, queuePolicy, topicPolicy } from "../../src/components/policies";
import { known, recorded } from "./recorded";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:approvals";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/approvals-id";
const QUEUE = "arn:aws:sqs:us-east-1:111122223333:approvals";
const DEAD_LETTERS = "arn:aws:sqs:us-east-1:111122223333:approvals-dead-letters";
const EXISTING_TOPIC = "arn:aws:sns:eu-west-1:111122223333:theirs";
const EXISTING_QUEUE = { arn: "arn:aws:sqs:eu-west-1:111122223333:theirs", url: "https://sqs/theirs" };

const inbox = (args?: ApprovalInboxArgs, opts?: pulumi.ComponentResourceOptions) =>
  recorded(() => new ApprovalInbox("approvals", args, opts));

test("is made of resources that are its children and bear its name", async () => {
  const { registrations } = await inbox();
  const children = [
    "aws:kms/key:Key approvals",
    "aws:kms/keyPolicy:KeyPolicy approvals",
    "aws:sns/topic:Topic approvals",
    "aws:sns/topicPolicy:TopicPolicy approvals",
    "aws:sns/topicSubscription:TopicSubscription approvals",
    "aws:sqs/queue:Queue approvals",
    "aws:sqs/queue:Queue approvals-dead-letters",
    "aws:sqs/queuePolicy:QueuePolicy approvals",
  ];
  expect(registrations.children("::aws-approvals:access:ApprovalInbox::approvals")).toEqual(children);
  expect(registrations.all).toEqual(["aws-approvals:access:ApprovalInbox approvals", ...children].sort());
});

test("has an encrypted topic that IAM may publish to", async () => {
  const { registrations } = await inbox();
  expect(registrations.inputs("aws:sns/topic:Topic")).toEqual({ kmsMasterKeyId: KEY, signatureVersion: 2 });
  expect(registrations.inputs("aws:sns/topicPolicy:TopicPolicy")).toEqual({
    arn: TOPIC,
    policy: topicPolicy(TOPIC),
  });
  expect(registrations.inputs("aws:kms/key:Key")).toMatchObject({ enableKeyRotation: true });
  expect(registrations.inputs("aws:kms/keyPolicy:KeyPolicy")).toEqual({
    keyId: "approvals-id",
    policy: keyPolicy(KEY),
  });
});

test("has an encrypted queue for that topic, and another for what nobody understands", async () => {
  const { registrations } = await inbox();
  const queue = registrations.inputs("aws:sqs/queue:Queue", "approvals");
  const deadLetters = registrations.inputs("aws:sqs/queue:Queue", "approvals-dead-letters");
  expect(JSON.parse(String(queue["redrivePolicy"]))).toEqual({
    deadLetterTargetArn: DEAD_LETTERS,
    maxReceiveCount: 1000,
  });
  expect([queue["sqsManagedSseEnabled"], deadLetters["sqsManagedSseEnabled"]]).toEqual([true, true]);
  expect(Number(deadLetters["messageRetentionSeconds"])).toBeGreaterThan(
    Number(queue["messageRetentionSeconds"]),
  );
  expect(registrations.inputs("aws:sqs/queuePolicy:QueuePolicy")).toEqual({
    queueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/approvals",
    policy: queuePolicy(QUEUE, TOPIC),
  });
  expect(registrations.inputs("aws:sns/topicSubscription:TopicSubscription")).toEqual({
    topic: TOPIC,
    protocol: "sqs",
    endpoint: QUEUE,
  });
});

test("tells where its topic and queues are", async () => {
  const { result } = await inbox();
  expect(await known(result.topicArn)).toBe(TOPIC);
  expect(await known(result.queueArn)).toBe(QUEUE);
  expect(await known(result.queueUrl)).toMatch(/\/approvals$/);
  expect(await known(result.deadLetterQueueUrl)).toMatch(/\/approvals-dead-letters$/);
});

test("puts its tags on all that can have some", async () => {
  const tags = { team: "onboarding" };
  const { registrations } = await inbox({ tags });
  const tagged = registrations.filter((request) => request.getObject()?.toJavaScript()["tags"] !== undefined);
  expect(tagged).toEqual([
    "aws:kms/key:Key approvals",
    "aws:sns/topic:Topic approvals",
    "aws:sqs/queue:Queue approvals",
    "aws:sqs/queue:Queue approvals-dead-letters",
  ]);
  expect(registrations.inputs("aws:sns/topic:Topic")["tags"]).toEqual(tags);
});

describe("encrypts the topic", () => {
  const keysOf = async (kmsMasterKeyId: ApprovalInboxArgs["kmsMasterKeyId"]) => {
    const { registrations } = await inbox({ kmsMasterKeyId });
    return [
      registrations.inputs("aws:sns/topic:Topic")["kmsMasterKeyId"],
      registrations.all.join().includes("kms"),
    ];
  };

  test("with the key that is given", async () => {
    expect(await keysOf("alias/mine")).toEqual(["alias/mine", false]);
    expect(await keysOf(pulumi.output("alias/mine"))).toEqual(["alias/mine", false]);
  });

  test("with none when none is wanted", async () => {
    expect(await keysOf(false)).toEqual([undefined, false]);
  });
});

describe("leaves alone", () => {
  test("a topic that exists", async () => {
    const { result, registrations } = await inbox({ topic: EXISTING_TOPIC });
    expect(registrations.all).toEqual([
      "aws-approvals:access:ApprovalInbox approvals",
      "aws:sns/topicSubscription:TopicSubscription approvals",
      "aws:sqs/queue:Queue approvals",
      "aws:sqs/queue:Queue approvals-dead-letters",
      "aws:sqs/queuePolicy:QueuePolicy approvals",
    ]);
    expect(registrations.inputs("aws:sqs/queuePolicy:QueuePolicy")["policy"]).toBe(
      queuePolicy(QUEUE, EXISTING_TOPIC),
    );
    expect(await known(result.topicArn)).toBe(EXISTING_TOPIC);
  });

  test("a queue that exists", async () => {
    const { result, registrations } = await inbox({ queue: EXISTING_QUEUE });
    expect(registrations.all.filter((registration) => registration.startsWith("aws:sqs"))).toEqual([]);
    expect(registrations.inputs("aws:sns/topicSubscription:TopicSubscription")["endpoint"]).toBe(
      EXISTING_QUEUE.arn,
    );
    expect(await known(result.queueUrl)).toBe(EXISTING_QUEUE.url);
    expect(await known(result.deadLetterQueueUrl)).toBeUndefined();
  });

  test("both, and only subscribes one to the other", async () => {
    const { registrations } = await inbox({ topic: EXISTING_TOPIC, queue: EXISTING_QUEUE });
    expect(registrations.children("::approvals")).toEqual([
      "aws:sns/topicSubscription:TopicSubscription approvals",
    ]);
  });
});

test("refuses a key for a topic that exists", async () => {
  await expect(inbox({ topic: EXISTING_TOPIC, kmsMasterKeyId: "alias/mine" })).rejects.toThrow(
    /kmsMasterKeyId/,
  );
});

test("is told from other resources", async () => {
  const { result } = await inbox();
  expect(ApprovalInbox.isInstance(result)).toBe(true);
  expect([undefined, {}, "inbox"].some((value) => ApprovalInbox.isInstance(value))).toBe(false);
});

describe("refuses what no notification would arrive by", () => {
  const FIFO_QUEUE = { ...EXISTING_QUEUE, arn: "arn:aws:sqs:eu-west-1:111122223333:theirs.fifo" };

  test.each<[string, ApprovalInboxArgs, string]>([
    ["AWS's own key, by its alias", { kmsMasterKeyId: "alias/aws/sns" }, "kmsMasterKeyId: must not be"],
    [
      "AWS's own key, by the alias's ARN",
      { kmsMasterKeyId: "arn:aws:kms:us-east-1:111122223333:alias/aws/sns" },
      "kmsMasterKeyId: must not be alias/aws/sns",
    ],
    ["a FIFO topic", { topic: `${EXISTING_TOPIC}.fifo` }, "topic: must be a standard topic"],
    ["a FIFO queue", { queue: FIFO_QUEUE }, "queue.arn: must be of a standard queue"],
  ])("%s", async (_, args, message) => {
    await expect(inbox(args)).rejects.toThrow(message);
  });
});
