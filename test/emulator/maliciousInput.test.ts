/** Inputs that once broke something, or whose cost must stay bounded, each by itself; fuzz.test.ts searches for more. */
import { isAllowed } from "../../src/emulator/policy";
import { createRequest, Visitor } from "./console/visitor";
import { SECRET } from "./fuzzInputs";
import { type Harness, PARTNER, signed, startHarness } from "./harness";
import { readXml } from "./xml";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const JSON_1_0 = { "content-type": "application/x-amz-json-1.0" };

async function post(service: string, body: string, headers: Record<string, string>) {
  const response = await fetch(harness.emulator.endpoint, {
    method: "POST",
    headers: { ...signed(service), ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const query = (service: string, parameters: Record<string, string>) =>
  post(service, new URLSearchParams(parameters).toString(), FORM);
const sns = (parameters: Record<string, string>) => query("sns", { Version: "2010-03-31", ...parameters });
const sqs = (operation: string, body: string) =>
  post("sqs", body, { ...JSON_1_0, "x-amz-target": `AmazonSQS.${operation}` });

const TOPIC = `arn:aws:sns:us-east-1:${PARTNER}:news`;
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("a policy", () => {
  const access = {
    service: "iam.amazonaws.com",
    action: "sns:Publish",
    resource: `arn:aws:sns:us-east-1:${PARTNER}:${"a".repeat(200)}`,
    context: { "aws:sourceaccount": PARTNER },
  };
  const allows = (statement: object) =>
    isAllowed(
      JSON.stringify({
        Statement: {
          Effect: "Allow",
          Principal: { Service: access.service },
          Action: "SNS:Publish",
          Resource: "*",
          ...statement,
        },
      }),
      access,
    );

  it.each([
    ["*", true],
    ["arn:*:sns:*:news", false],
    ["arn:aws:sns:*:*:a*a?a", true],
    ["arn:aws:sns:us-east-1:111122223333:?", false],
    ["**", true],
    [`${"*a".repeat(40)}*b`, false],
    [`${"*a".repeat(40)}*`, true],
    ["", false],
    ["arn:aws:sns:us-east-1:111122223333:[a]*", false],
  ])("with the pattern %s is decided, and at once", (Resource, allowed) => {
    expect(allows({ Resource })).toBe(allowed);
  });

  it.each<[string, object]>([
    ["an object", { StringEquals: { "aws:SourceAccount": { toString: 1 } } }],
    ["no string", { StringEquals: { "aws:SourceAccount": [null, [[]], 7] } }],
    ["of a key that is none", { StringLike: { constructor: "*", __proto__: "*" } }],
  ])("with a condition's value that is %s does not allow", (_name, Condition) => {
    expect(allows({ Condition })).toBe(false);
  });

  it("may have a condition's value as a number", () => {
    expect(allows({ Condition: { StringEquals: { "aws:SourceAccount": Number(PARTNER) } } })).toBe(true);
  });
});

describe("nesting too deep to serialize", () => {
  it("in a body is refused", async () => {
    expect(await sqs("CreateQueue", `{"QueueName":${nested(100_000)}}`)).toMatchObject({ status: 400 });
    expect(
      await harness.mpa(PARTNER, "POST", "/identity-sources", `{"Tags":${nested(100_000)}}`),
    ).toMatchObject({ status: 400, body: { __type: "SerializationException" } });
  });

  it("in what users write passes", async () => {
    const { text } = await sqs("CreateQueue", '{"QueueName":"deep"}');
    const { QueueUrl } = JSON.parse(text);
    const MessageBody = `{"Type":"Notification","TopicArn":"${TOPIC}","deep":${nested(100_000)}}`;
    expect(await sqs("SendMessage", JSON.stringify({ QueueUrl, MessageBody }))).toMatchObject({
      status: 200,
    });
    const received = await sqs("ReceiveMessage", JSON.stringify({ QueueUrl }));
    expect(JSON.parse(received.text)).toMatchObject({ Messages: [{ Body: MessageBody }] });
  });
});

describe("the query protocol", () => {
  it("makes little of names with more parts than any input has", async () => {
    const before = process.memoryUsage().heapUsed;
    const body = `Action=GetCallerIdentity&Version=2011-06-15&${".".repeat(4_000_000)}=1`;
    expect(await post("sts", body, FORM)).toMatchObject({ status: 200 });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(300_000_000);
  });

  it("says how many problems there are, and names some", async () => {
    const tags = Array.from({ length: 10_000 }, (_, index) => `&Tags.member.${index + 1}.Key=x`).join("");
    const { status, text } = await post("sts", `Action=AssumeRole&Version=2011-06-15${tags}`, FORM);
    expect(status).toBe(400);
    expect(readXml(text).get("ErrorResponse.Error.Message")).toMatch(/^10003 validation errors detected: /);
    expect(text.length).toBeLessThan(20_000);
  });
});

it("a region is a name", async () => {
  const odd = signed("sns", { region: "<x>" });
  expect(await post("sns", "Action=CreateTopic&Name=a", { ...FORM, ...odd })).toMatchObject({
    status: 400,
    text: expect.stringContaining("IncompleteSignature"),
  });
});

describe("SNS", () => {
  it.each(["<a>&", "a\u0000", "", "x".repeat(257), "a.b"])("takes no topic's name like %j", async (Name) => {
    const { status, text } = await sns({ Action: "CreateTopic", Name });
    expect(status).toBe(400);
    expect(readXml(text).get("ErrorResponse.Error.Code")).toBe("InvalidParameter");
  });

  it.each<[string, Record<string, string>]>([
    ["standard", { Name: "A-z_09" }],
    [
      "FIFO",
      {
        Name: "news.fifo",
        "Attributes.entry.1.key": "FifoTopic",
        "Attributes.entry.1.value": "true",
      },
    ],
  ])("takes the name of a %s topic", async (_kind, parameters) => {
    expect(await sns({ Action: "CreateTopic", ...parameters })).toMatchObject({ status: 200 });
  });

  it("takes no id of a batch's entry that would break the answer", async () => {
    await sns({ Action: "CreateTopic", Name: "news" });
    const entry = "PublishBatchRequestEntries.member.1";
    const { status, text } = await sns({
      Action: "PublishBatch",
      TopicArn: TOPIC,
      [`${entry}.Id`]: "<a>",
      [`${entry}.Message`]: "hello",
    });
    expect(status).toBe(400);
    expect(readXml(text).get("ErrorResponse.Error.Code")).toBe("InvalidBatchEntryId");
  });

  it("takes no batch of more than 10 entries, and says so at once", async () => {
    const entries = Array.from({ length: 50_000 }, (_, index) => [
      `PublishBatchRequestEntries.member.${index + 1}.Id`,
      "x",
    ]);
    const { status, text } = await sns({
      Action: "PublishBatch",
      TopicArn: TOPIC,
      ...Object.fromEntries(entries),
    });
    expect(status).toBe(400);
    expect(readXml(text).get("ErrorResponse.Error.Code")).toBe("TooManyEntriesInBatchRequest");
  });

  it("answers well-formed XML whatever it was given to keep", async () => {
    await sns({ Action: "CreateTopic", Name: "news" });
    await sns({
      Action: "SetTopicAttributes",
      TopicArn: TOPIC,
      AttributeName: "DisplayName",
      AttributeValue: "<&>\u0000\u0001\uFFFF\r",
    });
    const { text } = await sns({ Action: "GetTopicAttributes", TopicArn: TOPIC });
    expect(text).toContain("&lt;&amp;&gt;\uFFFD\uFFFD\uFFFD");
    readXml(text);
  });

  it("and SQS name every request", async () => {
    const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
    for (const { headers } of [await sns({ Action: "ListTopics" }), await sqs("ListQueues", "{}")]) {
      expect(headers.get("x-amzn-requestid")).toEqual(requestId);
    }
  });
});

describe("a fault that no answer can be made of", () => {
  it.each([
    { status: 200, code: "Odd" },
    { status: 1_000, code: "Odd" },
    { status: 400, code: "Not\na header" },
  ])("is an internal failure: %j", async (error) => {
    const lines: string[] = [];
    await using other = await startHarness({
      log: (line) => lines.push(line),
      intercept: () => ({ error }),
    });
    expect(await other.mpa(PARTNER, "POST", "/identity-sources", {})).toMatchObject({ status: 500 });
    expect(lines.join("\n")).toContain("internal failure: RangeError");
  });
});

it("a page that cannot be made is an internal failure, and the emulator goes on", async () => {
  const lines: string[] = [];
  await using other = await startHarness({ log: (line) => lines.push(line) });
  const { id, link } = await createRequest(other);
  // Simulates a defect of the emulator.
  Object.defineProperty(other.emulator.store.delegationRequests.get(id), "description", {
    get() {
      throw new TypeError(SECRET);
    },
  });
  expect(await fetch(link)).toMatchObject({ status: 500 });
  expect(lines.join("\n")).toContain("internal failure: TypeError at ");
  expect(lines.join("\n")).not.toContain(SECRET);
  expect((await new Visitor().open((await createRequest(other)).link)).status).toBe(200);
});
