import * as pulumi from "@pulumi/pulumi";
import { ApprovalInbox, type ApprovalInboxArgs } from "../../src";
import { keyPolicy, queuePolicy, topicPolicy } from "../../src/components/policies";
import { mailboxPolicy } from "../../src/mailbox/policy";
import { known, type Registrations, recorded } from "./recorded";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:approvals";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/approvals-id";
const QUEUE = "arn:aws:sqs:us-east-1:111122223333:approvals";
const DEAD_LETTERS = "arn:aws:sqs:us-east-1:111122223333:approvals-dead-letters";
const EXISTING_TOPIC = "arn:aws:sns:eu-west-1:111122223333:theirs";
const EXISTING_QUEUE = { arn: "arn:aws:sqs:eu-west-1:111122223333:theirs", url: "https://sqs/theirs" };

const EXISTING_TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/theirs";

/** The item that says what inbox the table is of. */
const address = (registrations: Registrations) =>
  JSON.parse(String(registrations.inputs("aws:dynamodb/tableItem:TableItem")["item"]));

const inbox = (args?: ApprovalInboxArgs, opts?: pulumi.ComponentResourceOptions) =>
  recorded(() => new ApprovalInbox("approvals", args, opts));

test("is made of resources that are its children and bear its name", async () => {
  const { registrations } = await inbox();
  const children = [
    "aws:dynamodb/table:Table approvals",
    "aws:dynamodb/tableItem:TableItem approvals",
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
    policy: keyPolicy(KEY, { encryptsTable: true }),
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
  // An answer must outlive the news, a week later, that its request has expired.
  const days = [queue, deadLetters].map((one) => Number(one["messageRetentionSeconds"]) / 86_400);
  expect(days).toEqual([14, 14]);
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

test("has a table that its key encrypts, in which tokens expire, and which says what inbox it is of", async () => {
  const { registrations } = await inbox();
  expect(registrations.inputs("aws:dynamodb/table:Table")).toEqual({
    hashKey: "pk",
    attributes: [{ name: "pk", type: "S" }],
    billingMode: "PAY_PER_REQUEST",
    ttl: { attributeName: "expiresAt", enabled: true },
    serverSideEncryption: { enabled: true, kmsKeyArn: KEY },
  });
  expect(registrations.dependencies("aws:dynamodb/table:Table")).toContain(
    "aws:kms/keyPolicy:KeyPolicy approvals",
  );
  expect(registrations.inputs("aws:dynamodb/tableItem:TableItem")).toMatchObject({
    tableName: "approvals",
    hashKey: "pk",
  });
  expect(address(registrations)).toEqual({
    pk: { S: "inbox" },
    topicArn: { S: TOPIC },
    queueUrl: { S: "https://sqs.us-east-1.amazonaws.com/111122223333/approvals" },
    deadLetterQueueUrl: { S: "https://sqs.us-east-1.amazonaws.com/111122223333/approvals-dead-letters" },
  });
});

describe("encrypts the table", () => {
  const encryption = async (args: ApprovalInboxArgs) =>
    (await inbox(args)).registrations.inputs("aws:dynamodb/table:Table")["serverSideEncryption"];
  const OTHER = "arn:aws:kms:us-east-1:111122223333:key/other";

  test("with the key that is given", async () => {
    const { registrations } = await inbox({ tableKmsKeyArn: OTHER });
    expect(registrations.inputs("aws:dynamodb/table:Table")["serverSideEncryption"]).toEqual({
      enabled: true,
      kmsKeyArn: OTHER,
    });
    expect(registrations.inputs("aws:kms/keyPolicy:KeyPolicy")["policy"]).toBe(
      keyPolicy(KEY, { encryptsTable: false }),
    );
    expect(await encryption({ kmsMasterKeyId: false, tableKmsKeyArn: pulumi.output(OTHER) })).toEqual({
      enabled: true,
      kmsKeyArn: OTHER,
    });
  });

  test("with AWS's own, where there is no key of the inbox's", async () => {
    expect(await encryption({ kmsMasterKeyId: false })).toBeUndefined();
    expect(await encryption({ kmsMasterKeyId: "alias/mine" })).toBeUndefined();
    expect(await encryption({ topic: EXISTING_TOPIC })).toBeUndefined();
  });
});

test("tells where its topic, its queues and its table are", async () => {
  const { result } = await inbox();
  expect(await known(result.topicArn)).toBe(TOPIC);
  expect(await known(result.queueArn)).toBe(QUEUE);
  expect(await known(result.queueUrl)).toMatch(/\/approvals$/);
  expect(await known(result.deadLetterQueueUrl)).toMatch(/\/approvals-dead-letters$/);
  expect(await known(result.tableArn)).toBe("arn:aws:dynamodb:us-east-1:111122223333:table/approvals");
  expect(await known(result.tableName)).toBe("approvals");
});

describe("says what others need to be allowed", () => {
  const policy = async (args: ApprovalInboxArgs, ...given: Parameters<ApprovalInbox["policyFor"]>) =>
    JSON.parse(await known((await inbox(args)).result.policyFor(...given)));
  const parts = {
    tableArn: "arn:aws:dynamodb:us-east-1:111122223333:table/approvals",
    queueArn: QUEUE,
    deadLetterQueueArn: DEAD_LETTERS,
  };

  test("who drain it, read it and take tokens", async () => {
    expect(await policy({}, ["drain", "redrive"])).toEqual(mailboxPolicy(["drain", "redrive"], parts));
    expect(await policy({}, "takeTokens")).toEqual(mailboxPolicy("takeTokens", parts));
  });

  test("with keys that it did not make", async () => {
    const used = { tableKmsKeyArn: KEY, queueKmsKeyArn: `${KEY}-2` };
    expect(await policy({}, "drain", used)).toEqual(mailboxPolicy("drain", { ...parts, ...used }));
    expect(await policy({ tableKmsKeyArn: KEY }, "drain")).toEqual(
      mailboxPolicy("drain", { ...parts, tableKmsKeyArn: KEY }),
    );
  });

  test("where there are no dead letters", async () => {
    const { deadLetterQueueArn: _, ...others } = { ...parts, queueArn: EXISTING_QUEUE.arn };
    expect(await policy({ queue: EXISTING_QUEUE }, "drain")).toEqual(mailboxPolicy("drain", others));
    const redrive = recorded(() => new ApprovalInbox("a", { queue: EXISTING_QUEUE }).policyFor("redrive"));
    await expect(redrive).rejects.toThrow("redrive requires a dead-letter queue");
  });
});

test("puts its tags on all that can have some", async () => {
  const tags = { team: "onboarding" };
  const { registrations } = await inbox({ tags });
  const tagged = registrations.filter((request) => request.getObject()?.toJavaScript()["tags"] !== undefined);
  expect(tagged).toEqual([
    "aws:dynamodb/table:Table approvals",
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
      "aws:dynamodb/table:Table approvals",
      "aws:dynamodb/tableItem:TableItem approvals",
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

  test("a table that exists, but for an item that says whose it is", async () => {
    const { result, registrations } = await inbox({ table: { arn: EXISTING_TABLE } });
    expect(registrations.all.filter((registration) => registration.startsWith("aws:dynamodb"))).toEqual([
      "aws:dynamodb/tableItem:TableItem approvals",
    ]);
    expect(registrations.inputs("aws:dynamodb/tableItem:TableItem")["tableName"]).toBe("theirs");
    expect(registrations.inputs("aws:kms/keyPolicy:KeyPolicy")["policy"]).toBe(
      keyPolicy(KEY, { encryptsTable: false }),
    );
    expect(await known(result.tableArn)).toBe(EXISTING_TABLE);
    expect(await known(result.tableName)).toBe("theirs");
  });

  test("all of them, and only subscribes one to the other", async () => {
    const deadLetterQueueUrl = "https://sqs/theirs-dead";
    const { result, registrations } = await inbox({
      topic: EXISTING_TOPIC,
      queue: { ...EXISTING_QUEUE, deadLetterQueueUrl },
      table: { arn: EXISTING_TABLE, name: "theirs" },
    });
    expect(await known(result.deadLetterQueueUrl)).toBe(deadLetterQueueUrl);
    expect(address(registrations)).toMatchObject({
      topicArn: { S: EXISTING_TOPIC },
      queueUrl: { S: EXISTING_QUEUE.url },
      deadLetterQueueUrl: { S: deadLetterQueueUrl },
    });
    expect(registrations.children("::approvals")).toEqual([
      "aws:dynamodb/tableItem:TableItem approvals",
      "aws:sns/topicSubscription:TopicSubscription approvals",
    ]);
  });
});

test("takes what a program's mocks make of its table, which may have no ARN", async () => {
  const logged = jest.spyOn(pulumi.log, "error");
  const noArn = (type: string) => (type === "aws:dynamodb/table:Table" ? { arn: undefined } : {});
  const { registrations } = await recorded(() => new ApprovalInbox("approvals"), noArn);
  expect(registrations.inputs("aws:dynamodb/tableItem:TableItem")["tableName"]).toBe("approvals");
  expect(logged).not.toHaveBeenCalled();
  logged.mockRestore();
});

test("refuses a key for a topic or a table that exists", async () => {
  await expect(inbox({ topic: EXISTING_TOPIC, kmsMasterKeyId: "alias/mine" })).rejects.toThrow(
    /kmsMasterKeyId/,
  );
  await expect(inbox({ table: { arn: EXISTING_TABLE }, tableKmsKeyArn: KEY })).rejects.toThrow(
    "tableKmsKeyArn: applies only to a new table",
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
    ["a FIFO queue", { queue: FIFO_QUEUE }, "queue.arn: must be the ARN of a standard queue"],
    ["a table's name", { table: { arn: "theirs" } }, "table.arn: must be the ARN of a DynamoDB table"],
    ["a key's alias", { tableKmsKeyArn: "alias/mine" }, "tableKmsKeyArn: must be the ARN of a key"],
  ])("%s", async (_, args, message) => {
    await expect(inbox(args)).rejects.toThrow(message);
  });
});
