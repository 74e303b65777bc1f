import { inspect } from "node:util";
import { type ParsedMessage, parseLambdaEvent, parseNotification, Secret } from "../../src/iam";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:approvals";
const TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

const stateChange = {
  Type: "StateChange",
  RequestId: "dr-abc123",
  RequestorWorkflowId: "workflow-12345",
  State: "ACCEPTED",
  OwnerAccountId: "444455556666",
  UpdatedAt: "2026-01-15T10:30:00.123Z",
};
const exchangeToken = {
  ...stateChange,
  Type: "ExchangeToken",
  State: "FINALIZED",
  ExchangeToken: TOKEN,
  ExpiresAt: "2026-01-15T18:30:00.123Z",
};
const enveloped = (message: unknown, topicArn = TOPIC) => ({
  Type: "Notification",
  MessageId: "61ee8ad4-6eec-56b5-8f3d-eba57556aa13",
  TopicArn: topicArn,
  Message: typeof message === "string" ? message : JSON.stringify(message),
  Timestamp: "2026-01-15T10:30:00.456Z",
  SignatureVersion: "1",
  Signature: "c2lnbmF0dXJl",
  SigningCertURL: "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem",
  UnsubscribeURL: "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
});
const parse = (content: unknown, topicArn?: string) =>
  parseNotification(typeof content === "string" ? content : JSON.stringify(content), { topicArn });
const notificationOf = (parsed: ParsedMessage) => {
  if (parsed.kind === "unrecognized") throw new Error(parsed.reason);
  return parsed.notification;
};
const reasonOf = (parsed: ParsedMessage) => {
  if (parsed.kind !== "unrecognized") throw new Error("was recognized");
  return parsed.reason;
};

describe("a message of the topic", () => {
  test.each([
    ["in an SNS envelope", (message: object) => enveloped(message)],
    ["delivered raw", (message: object) => message],
  ])("tells a change of state, %s", (_, wrap) => {
    expect(parse(wrap(stateChange))).toEqual({
      kind: "notification",
      notification: {
        type: "StateChange",
        requestId: "dr-abc123",
        requestorWorkflowId: "workflow-12345",
        state: "ACCEPTED",
        ownerAccountId: "444455556666",
        updatedAt: new Date("2026-01-15T10:30:00.123Z"),
      },
    });
  });

  test("brings the token, as a secret", () => {
    const notification = notificationOf(parse(enveloped(exchangeToken)));
    if (notification.type !== "ExchangeToken") throw new Error("not the token");
    expect(notification.exchangeToken).toBeInstanceOf(Secret);
    expect(notification.exchangeToken.reveal()).toBe(TOKEN);
    expect(notification.expiresAt).toEqual(new Date("2026-01-15T18:30:00.123Z"));
    expect(inspect(notification) + JSON.stringify(notification)).not.toContain(TOKEN);
  });

  test.each(["PENDING_APPROVAL", "PENDING APPROVAL", "Pending Approval", "pending-approval"])(
    "may spell a state %s",
    (State) => {
      expect(notificationOf(parse({ ...stateChange, State })).state).toBe("PENDING_APPROVAL");
    },
  );

  test.each([[undefined], [null], [""]])("may have no owner's account: %p", (OwnerAccountId) => {
    const notification = notificationOf(parse({ ...stateChange, State: "EXPIRED", OwnerAccountId }));
    expect(notification).not.toHaveProperty("ownerAccountId");
  });

  test("may have properties that are new to us, and any offset of time", () => {
    const message = { ...stateChange, Region: "us-east-1", UpdatedAt: "2026-01-15T12:30:00+02:00" };
    expect(notificationOf(parse(message)).updatedAt).toEqual(new Date("2026-01-15T10:30:00Z"));
  });

  test("is heard by the pinned topic", () => {
    expect(parse(enveloped(stateChange), TOPIC).kind).toBe("notification");
  });
});

describe("unrecognized is", () => {
  test.each<[string, unknown, string]>([
    ["what is not JSON", "hello", "is not JSON"],
    ["an empty body", "", "is not JSON"],
    ["a number", "7", "not a delegation notification"],
    ["null", "null", "not a delegation notification"],
    ["another service's event", { source: "aws.s3", detail: {} }, "Type"],
    ["an envelope around text", enveloped("Backup done"), "Message is not JSON"],
    ["an envelope around another's message", enveloped({ AlarmName: "cpu" }), "Type"],
    ["another type of message", { ...stateChange, Type: "Reminder" }, "Type"],
    ["a message that lacks its request", { ...stateChange, RequestId: undefined }, "RequestId"],
    ["an unheard-of state", { ...stateChange, State: "PAUSED" }, "State"],
    ["an account that is none", { ...stateChange, OwnerAccountId: "acme" }, "OwnerAccountId"],
    ["a time that is none", { ...stateChange, UpdatedAt: "yesterday" }, "UpdatedAt"],
    ["a token message without a token", { ...exchangeToken, ExchangeToken: "" }, "ExchangeToken"],
    ["a token message without an end", { ...exchangeToken, ExpiresAt: undefined }, "ExpiresAt"],
  ])("%s", (_, content, reason) => {
    expect(reasonOf(parse(content))).toContain(reason);
  });

  test("what came by another topic than the pinned one", () => {
    const other = "arn:aws:sns:us-east-1:999999999999:approvals";
    expect(reasonOf(parse(enveloped(stateChange, other), TOPIC))).toBe(`is from a topic other than ${TOPIC}`);
  });

  test("what does not tell its topic, when one is pinned", () => {
    expect(reasonOf(parse(stateChange, TOPIC))).toContain("no SNS envelope");
  });

  test.each<[string, unknown]>([
    ["a garbled token message", JSON.stringify(exchangeToken).slice(0, -1)],
    ["a garbled one in an envelope", enveloped(`${TOKEN}${JSON.stringify(exchangeToken)}`)],
    ["one with a broken state", { ...exchangeToken, State: TOKEN }],
    ["one with the token as its type", { ...exchangeToken, Type: TOKEN }],
  ])("%s, and the reason does not repeat the token", (_, content) => {
    expect(reasonOf(parse(content))).not.toContain(TOKEN);
  });
});

describe("a Lambda event", () => {
  const sqs = (messageId: string, body: unknown) => ({
    messageId,
    receiptHandle: "r",
    body: JSON.stringify(body),
    attributes: {},
    eventSource: "aws:sqs",
    awsRegion: "us-east-1",
  });
  const sns = ({ Message, TopicArn, MessageId }: ReturnType<typeof enveloped>) => ({
    EventSource: "aws:sns",
    EventVersion: "1.0",
    Sns: { Type: "Notification", MessageId, TopicArn, Message, Subject: null, SigningCertUrl: "https://…" },
  });

  test("of SQS gives every message by the id that a failure is reported with", () => {
    const event = { Records: [sqs("m1", enveloped(stateChange)), sqs("m2", "?"), sqs("m3", exchangeToken)] };
    expect(parseLambdaEvent(event).map(({ messageId, kind }) => [messageId, kind])).toEqual([
      ["m1", "notification"],
      ["m2", "unrecognized"],
      ["m3", "notification"],
    ]);
  });

  test("of SNS gives the publication", () => {
    const [message, other] = parseLambdaEvent(
      { Records: [sns(enveloped(exchangeToken)), sns(enveloped(stateChange, `${TOPIC}-2`))] },
      { topicArn: TOPIC },
    );
    expect(message).toMatchObject({
      messageId: "61ee8ad4-6eec-56b5-8f3d-eba57556aa13",
      notification: { type: "ExchangeToken", state: "FINALIZED" },
    });
    expect(other?.kind).toBe("unrecognized");
  });

  test.each([[{}], [undefined], [{ Records: [{ eventSource: "aws:s3", s3: {} }] }]])(
    "of anything else is a mistake: %j",
    (event) => {
      expect(() => parseLambdaEvent(event)).toThrow(TypeError);
    },
  );
});
