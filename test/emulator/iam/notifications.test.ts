import { SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { GetDelegatedAccessTokenCommand } from "@aws-sdk/client-sts";
import { Visitor } from "../console/visitor";
import { ADMINISTRATOR_ARN, CUSTOMER, type Harness, PARTNER, START, startHarness } from "../harness";
import { deleteTopicsAndQueues } from "../messaging/removal";
import { act, created, TOPIC_ARN, workflowId } from "./delegationRequests";
import { allow, createChannel, received, sentToken, TOPIC_POLICY } from "./notificationChannel";

/** Another account of the partner's. */
const SIBLING = "121212121212";

let harness: Harness;
let lines: string[];
beforeAll(async () => {
  harness = await startHarness({ log: (line) => lines.push(line), partners: [[PARTNER, SIBLING]] });
});
afterAll(() => harness?.close());
beforeEach(() => {
  lines = [];
  harness.clock.set(START);
});
afterEach(async () => {
  await deleteTopicsAndQueues(harness, PARTNER, SIBLING);
  // Requests end now, and no later test gets their notifications.
  harness.clock.advance("365d");
  expect([...harness.emulator.store.delegationRequests.keys()]).toEqual([]);
});

const request = () => created(harness);
const redeem = (who: string, TradeInToken: string) =>
  harness.sts(who).send(new GetDelegatedAccessTokenCommand({ TradeInToken }));

describe("notifications", () => {
  it("tell every state, and bring the token", async () => {
    const queue = await createChannel(harness);
    const RequestorWorkflowId = workflowId();
    const id = await created(harness, [], { RequestorWorkflowId });
    expect(await received(harness, queue)).toEqual([]);
    await act(harness, CUSTOMER, "associate", id);
    await act(harness, CUSTOMER, "update", id, "look");
    harness.clock.advance("10m");
    await act(harness, CUSTOMER, "accept", id);
    await act(harness, CUSTOMER, "send", id);
    const common = { RequestId: id, RequestorWorkflowId, OwnerAccountId: CUSTOMER };
    const change = { Type: "StateChange", ...common };
    const later = new Date(START.getTime() + 600_000).toISOString();
    expect(await received(harness, queue)).toEqual([
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
    const queue = await createChannel(harness);
    const id = await request();
    const link = `${harness.emulator.endpoint}/iam/account-access-requests/review/${id}`;
    const visitor = new Visitor();
    await visitor.click(link, "claim", { account: CUSTOMER });
    await visitor.click(link, "accept");
    const page = await visitor.click(link, "send");
    const messages = await received(harness, queue);
    expect(messages.map(({ Type, State }) => `${Type} ${State}`)).toEqual([
      "StateChange ASSIGNED",
      "StateChange ACCEPTED",
      "StateChange FINALIZED",
      "ExchangeToken FINALIZED",
    ]);
    const sent = messages.at(-1)?.["ExchangeToken"] ?? "";
    await expect(redeem(PARTNER, sent)).resolves.toMatchObject({
      AssumedPrincipal: ADMINISTRATOR_ARN,
    });
    expect(page.text).toContain("FINALIZED – now");
    expect(page.html).not.toContain(sent);
  });

  it("tell rejection and expiry", async () => {
    const queue = await createChannel(harness);
    const id = await request();
    await act(harness, CUSTOMER, "associate", id);
    await act(harness, CUSTOMER, "reject", id);
    harness.clock.advance("7d");
    expect((await received(harness, queue)).map(({ State }) => State)).toEqual([
      "ASSIGNED",
      "REJECTED",
      "EXPIRED",
    ]);
  });

  it("come in SNS's envelope unless raw delivery is on", async () => {
    const queue = await createChannel(harness, { raw: false });
    await act(harness, CUSTOMER, "associate", await request());
    const [envelope] = await received(harness, queue);
    expect(envelope).toMatchObject({
      Type: "Notification",
      TopicArn: TOPIC_ARN,
      MessageId: expect.any(String),
      Timestamp: expect.any(String),
    });
    expect(JSON.parse(envelope?.["Message"] ?? "")).toMatchObject({ Type: "StateChange", State: "ASSIGNED" });
  });

  it.each([
    ["the topic has its default policy", { topicPolicy: "" }, "does not allow iam.amazonaws.com SNS:Publish"],
    [
      "the topic allows another service",
      { topicPolicy: allow("s3.amazonaws.com", "SNS:Publish", TOPIC_ARN) },
      "does not allow",
    ],
    [
      "the topic allows another action",
      { topicPolicy: allow("iam.amazonaws.com", "SNS:Subscribe", TOPIC_ARN) },
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
    const queue = await createChannel(harness, policies);
    await act(harness, CUSTOMER, "associate", await request());
    expect(await received(harness, queue)).toEqual([]);
    expect(lines.filter((line) => line.includes(reason))).toHaveLength(1);
  });

  it("stay away while there is no topic, and come once its policy is right", async () => {
    const id = await request();
    await act(harness, CUSTOMER, "associate", id);
    expect(lines.some((line) => line.includes(`there is no topic ${TOPIC_ARN}`))).toBe(true);
    const queue = await createChannel(harness, { topicPolicy: "" });
    const setting = { TopicArn: TOPIC_ARN, AttributeName: "Policy", AttributeValue: TOPIC_POLICY };
    await harness.sns(PARTNER).send(new SetTopicAttributesCommand(setting));
    await act(harness, CUSTOMER, "accept", id);
    expect(await received(harness, queue)).toMatchObject([{ State: "ACCEPTED" }]);
  });

  it("come to a topic in another account of the partner's, whose policy sees which one made the request", async () => {
    const NotificationChannel = TOPIC_ARN.replace(PARTNER, SIBLING);
    const topicPolicy = allow("iam.amazonaws.com", "SNS:Publish", NotificationChannel, {
      Condition: { StringEquals: { "aws:SourceAccount": PARTNER } },
    });
    const queue = await createChannel(harness, { topicPolicy, account: SIBLING });
    await created(harness, ["associate"], { NotificationChannel });
    expect(await received(harness, queue, SIBLING)).toMatchObject([{ State: "ASSIGNED" }]);
  });

  it("need a Deny to be absent", async () => {
    const statements = ["Allow", "Deny"].map((Effect) => ({
      Effect,
      Principal: "*",
      Action: "*",
      Resource: "*",
    }));
    const queue = await createChannel(harness, { topicPolicy: JSON.stringify({ Statement: statements }) });
    await act(harness, CUSTOMER, "associate", await request());
    expect(await received(harness, queue)).toEqual([]);
  });
});

it("keeps secrets out of log and call records", async () => {
  const exchange = await sentToken(harness);
  const { Credentials: issued } = await redeem(PARTNER, exchange);
  const text = lines.join("\n") + JSON.stringify(harness.emulator.calls);
  expect(text).toContain("sts:GetDelegatedAccessToken 200");
  for (const secret of [exchange, issued?.SecretAccessKey, issued?.SessionToken, issued?.AccessKeyId]) {
    expect(secret).toMatch(/.{16,}/);
    expect(text).not.toContain(secret);
  }
});
