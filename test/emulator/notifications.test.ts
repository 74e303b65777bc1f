import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  CreateDelegationRequestCommand,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
  UpdateDelegationRequestCommand,
} from "@aws-sdk/client-iam";
import { CreateTopicCommand, SetTopicAttributesCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { GetDelegatedAccessTokenCommand } from "@aws-sdk/client-sts";
import { CUSTOMER, type Harness, PARTNER, START, startHarness, TEMPLATE_ARN } from "./harness";
import { Visitor } from "./visitor";

let harness: Harness;
let lines: string[];
beforeEach(async () => {
  lines = [];
  harness = await startHarness({ log: (line) => lines.push(line) });
});
afterEach(() => harness.close());

const TOPIC = `arn:aws:sns:us-east-1:${PARTNER}:approvals`;
const QUEUE = `arn:aws:sqs:us-east-1:${PARTNER}:inbox`;
const allow = (Service: string, Action: string, Resource: string, more: object = {}) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action, Resource, ...more }],
  });
const TOPIC_POLICY = allow("iam.amazonaws.com", "SNS:Publish", TOPIC);
const QUEUE_POLICY = allow("sns.amazonaws.com", "sqs:SendMessage", QUEUE, {
  Condition: { ArnEquals: { "aws:SourceArn": TOPIC } },
});

/** The partner's topic and queue; answers the queue's URL. */
async function channel({
  topicPolicy = TOPIC_POLICY,
  queuePolicy = QUEUE_POLICY,
  raw = true,
} = {}): Promise<string> {
  const sns = harness.sns(PARTNER);
  const policy = (text: string): Record<string, string> => (text === "" ? {} : { Policy: text });
  await sns.send(new CreateTopicCommand({ Name: "approvals", Attributes: policy(topicPolicy) }));
  const { QueueUrl = "" } = await harness.sqs(PARTNER).send(
    new CreateQueueCommand({
      QueueName: "inbox",
      Attributes: policy(queuePolicy),
    }),
  );
  const attributes = { RawMessageDelivery: String(raw) };
  await sns.send(
    new SubscribeCommand({ TopicArn: TOPIC, Protocol: "sqs", Endpoint: QUEUE, Attributes: attributes }),
  );
  return QueueUrl;
}

async function request(more: { Parameters?: { Name: string; Values: string[] }[] } = {}): Promise<string> {
  const { DelegationRequestId = "" } = await harness.iam(PARTNER).send(
    new CreateDelegationRequestCommand({
      Description: "Back up your buckets",
      Permissions: { PolicyTemplateArn: TEMPLATE_ARN, ...more },
      RequestorWorkflowId: "workflow-1",
      NotificationChannel: TOPIC,
      SessionDuration: 3600,
    }),
  );
  return DelegationRequestId;
}

const claim = async (id: string) => {
  await harness.iam(CUSTOMER).send(new AssociateDelegationRequestCommand({ DelegationRequestId: id }));
};
const accept = async (id: string) => {
  await harness.iam(CUSTOMER).send(new AcceptDelegationRequestCommand({ DelegationRequestId: id }));
};
const send = async (id: string) => {
  await harness.iam(CUSTOMER).send(new SendDelegationTokenCommand({ DelegationRequestId: id }));
};

async function received(QueueUrl: string): Promise<{ [field: string]: string }[]> {
  const sqs = harness.sqs(PARTNER);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages)
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body = "" }) => JSON.parse(Body));
}

async function token(): Promise<string> {
  const queue = await channel();
  const id = await request();
  await claim(id);
  await accept(id);
  await send(id);
  return (await received(queue)).find(({ Type }) => Type === "ExchangeToken")?.["ExchangeToken"] ?? "";
}

const redeem = (who: string, TradeInToken: string) =>
  harness.sts(who).send(new GetDelegatedAccessTokenCommand({ TradeInToken }));

describe("notifications", () => {
  it("tell every state, and bring the token", async () => {
    const queue = await channel();
    const id = await request();
    expect(await received(queue)).toEqual([]);
    await claim(id);
    await harness
      .iam(CUSTOMER)
      .send(new UpdateDelegationRequestCommand({ DelegationRequestId: id, Notes: "look" }));
    harness.clock.advance("10m");
    await accept(id);
    await send(id);
    const common = { RequestId: id, RequestorWorkflowId: "workflow-1", OwnerAccountId: CUSTOMER };
    const change = { Type: "StateChange", ...common };
    const later = new Date(START.getTime() + 600_000).toISOString();
    expect(await received(queue)).toEqual([
      { ...change, State: "ASSIGNED", UpdatedAt: START.toISOString() },
      { ...change, State: "PENDING_APPROVAL", UpdatedAt: START.toISOString() },
      { ...change, State: "ACCEPTED", UpdatedAt: later },
      { ...change, State: "FINALIZED", UpdatedAt: later },
      {
        Type: "ExchangeToken",
        ...common,
        State: "FINALIZED",
        UpdatedAt: later,
        ExchangeToken: expect.stringMatching(/^[\w-]{100,}$/),
        ExpiresAt: new Date(START.getTime() + 600_000 + 3_600_000).toISOString(),
      },
    ]);
  });

  it("tell what is decided in a browser, and bring the token to nobody else", async () => {
    const queue = await channel();
    const id = await request();
    const link = `${harness.emulator.endpoint}/iam/home/delegation-requests/${id}`;
    const visitor = new Visitor();
    await visitor.click(link, "claim", { account: CUSTOMER });
    await visitor.click(link, "accept");
    const page = await visitor.click(link, "send");
    const messages = await received(queue);
    expect(messages.map(({ Type, State }) => `${Type} ${State}`)).toEqual([
      "StateChange ASSIGNED",
      "StateChange ACCEPTED",
      "StateChange FINALIZED",
      "ExchangeToken FINALIZED",
    ]);
    const sent = messages.at(-1)?.["ExchangeToken"] ?? "";
    await expect(redeem(PARTNER, sent)).resolves.toMatchObject({
      AssumedPrincipal: `arn:aws:iam::${CUSTOMER}:root`,
    });
    expect(page.text).toContain("FINALIZED – now");
    expect(page.html).not.toContain(sent);
  });

  it("tell rejection and expiry", async () => {
    const queue = await channel();
    const id = await request();
    await claim(id);
    await harness.iam(CUSTOMER).send(new RejectDelegationRequestCommand({ DelegationRequestId: id }));
    harness.clock.advance("7d");
    expect((await received(queue)).map(({ State }) => State)).toEqual(["ASSIGNED", "REJECTED", "EXPIRED"]);
  });

  it("come in SNS's envelope unless raw delivery is on", async () => {
    const queue = await channel({ raw: false });
    await claim(await request());
    const [envelope] = await received(queue);
    expect(envelope).toMatchObject({
      Type: "Notification",
      TopicArn: TOPIC,
      MessageId: expect.any(String),
      Timestamp: expect.any(String),
    });
    expect(JSON.parse(envelope?.["Message"] ?? "")).toMatchObject({ Type: "StateChange", State: "ASSIGNED" });
  });

  it.each([
    ["the topic has its default policy", { topicPolicy: "" }, "does not allow iam.amazonaws.com SNS:Publish"],
    [
      "the topic allows another service",
      { topicPolicy: allow("s3.amazonaws.com", "SNS:Publish", TOPIC) },
      "does not allow",
    ],
    [
      "the topic allows another action",
      { topicPolicy: allow("iam.amazonaws.com", "SNS:Subscribe", TOPIC) },
      "does not allow",
    ],
    [
      "a condition is unknown",
      {
        topicPolicy: allow("iam.amazonaws.com", "SNS:*", "*", {
          Condition: { Bool: { "aws:SecureTransport": "true" } },
        }),
      },
      "does not allow",
    ],
  ])("stay away, for a reason in the log alone, when %s", async (_name, policies, reason) => {
    const queue = await channel(policies);
    await claim(await request());
    expect(await received(queue)).toEqual([]);
    expect(lines.filter((line) => line.includes(reason))).toHaveLength(1);
  });

  it("stay away while there is no topic, and come once its policy is right", async () => {
    const id = await request();
    await claim(id);
    expect(lines.some((line) => line.includes(`there is no topic ${TOPIC}`))).toBe(true);
    const queue = await channel({ topicPolicy: "" });
    const setting = { TopicArn: TOPIC, AttributeName: "Policy", AttributeValue: TOPIC_POLICY };
    await harness.sns(PARTNER).send(new SetTopicAttributesCommand(setting));
    await accept(id);
    expect(await received(queue)).toMatchObject([{ State: "ACCEPTED" }]);
  });

  it("need a Deny to be absent", async () => {
    const statements = ["Allow", "Deny"].map((Effect) => ({
      Effect,
      Principal: "*",
      Action: "*",
      Resource: "*",
    }));
    const queue = await channel({ topicPolicy: JSON.stringify({ Statement: statements }) });
    await claim(await request());
    expect(await received(queue)).toEqual([]);
  });
});

it("keeps secrets out of log and call records", async () => {
  const exchange = await token();
  const { Credentials: issued } = await redeem(PARTNER, exchange);
  const text = lines.join("\n") + JSON.stringify(harness.emulator.calls);
  expect(text).toContain("sts:GetDelegatedAccessToken 200");
  for (const secret of [exchange, issued?.SecretAccessKey, issued?.SessionToken, issued?.AccessKeyId]) {
    expect(secret).toMatch(/.{16,}/);
    expect(text).not.toContain(secret);
  }
});
