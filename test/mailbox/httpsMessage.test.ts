import { createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { Agent } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { inspect } from "node:util";
import { parseHttpsMessage, UnverifiedMessageError } from "../../src/iam";

const TOPIC = "arn:aws:sns:eu-west-1:111122223333:approvals";
const CERTIFICATE = `/SimpleNotificationService-${"0".repeat(32)}.pem`;
const ofSns = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ofForger = generateKeyPairSync("rsa", { modulusLength: 2048 });
const message = {
  Type: "ExchangeToken",
  RequestId: "dr-abc123",
  RequestorWorkflowId: "workflow-12345",
  State: "FINALIZED",
  OwnerAccountId: "444455556666",
  UpdatedAt: "2026-01-15T10:30:00.456Z",
  ExchangeToken: "eyJhbGciOi",
  ExpiresAt: "2026-01-15T18:30:00.123Z",
};

/** What stands for SNS's web server. The agent leads every host there. */
let server: Server;
let agent: LoopbackAgent;
let answer: { status: number; body: string | Buffer };
beforeEach(async () => {
  answer = { status: 200, body: ofSns.publicKey.export({ type: "spki", format: "pem" }) };
  server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  agent = new LoopbackAgent((server.address() as AddressInfo).port);
});
afterEach(async () => {
  agent.destroy();
  server.close();
  await once(server, "close");
});

class LoopbackAgent extends Agent {
  readonly hosts: unknown[] = [];
  constructor(private readonly port: number) {
    super();
  }
  override createConnection(options: { host?: unknown }): Socket {
    this.hosts.push(options.host);
    return connect(this.port, "127.0.0.1");
  }
}

type Fields = Record<string, string>;

/** What SNS posts, signed as its documentation says. */
function signed(fields: Fields, { key = ofSns.privateKey, algorithm = "sha256" } = {}): Fields {
  const posted: Fields = {
    Type: "Notification",
    MessageId: "61ee8ad4-6eec-56b5-8f3d-eba57556aa13",
    TopicArn: TOPIC,
    Message: JSON.stringify(message),
    Timestamp: "2026-01-15T10:30:00.789Z",
    ...fields,
  };
  const names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
  const text = names.flatMap((name) => (posted[name] === undefined ? [] : [`${name}\n${posted[name]}\n`]));
  return {
    SignatureVersion: algorithm === "sha256" ? "2" : "1",
    Signature: createSign(algorithm).update(text.join("")).sign(key, "base64"),
    SigningCertURL: `https://sns.eu-west-1.amazonaws.com${CERTIFICATE}`,
    ...posted,
  };
}
const receive = (posted: unknown, topicArn = TOPIC) =>
  parseHttpsMessage(typeof posted === "string" ? posted : JSON.stringify(posted), { topicArn, agent });
const refusal = async (posted: unknown) => {
  const error = await receive(posted).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(UnverifiedMessageError);
  return error as UnverifiedMessageError;
};

test.each(["sha1", "sha256"])("a message signed by SNS with %s is read", async (algorithm) => {
  const parsed = await receive(signed({ Subject: "AWS Notification" }, { algorithm }));
  expect(parsed).toMatchObject({ kind: "notification", notification: { requestId: "dr-abc123" } });
  expect(agent.hosts).toEqual(["sns.eu-west-1.amazonaws.com"]);
});

test("a request to confirm the subscription tells where to", async () => {
  const SubscribeURL = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t";
  const posted = signed({
    Type: "SubscriptionConfirmation",
    Message: "You have chosen…",
    Token: "t",
    SubscribeURL,
  });
  expect(await receive(posted)).toEqual({ kind: "subscriptionConfirmation", subscribeUrl: SubscribeURL });
});

test("the end of the subscription, and another's message to the topic, are not recognized", async () => {
  const unsubscribed = {
    Type: "UnsubscribeConfirmation",
    Message: "bye",
    Token: "t",
    SubscribeURL: "https://a.b/",
  };
  expect((await receive(signed(unsubscribed))).kind).toBe("unrecognized");
  expect((await receive(signed({ Message: "hello" }))).kind).toBe("unrecognized");
});

test("the certificates of China have a host of their own", async () => {
  const topicArn = "arn:aws-cn:sns:cn-north-1:111122223333:approvals";
  const SigningCertURL = `https://sns.cn-north-1.amazonaws.com.cn${CERTIFICATE}`;
  const parsed = await receive({ ...signed({ TopicArn: topicArn }), SigningCertURL }, topicArn);
  expect(parsed.kind).toBe("notification");
});

describe("not believed is", () => {
  test.each<[string, () => unknown]>([
    [
      "a message that was changed",
      () => ({ ...signed({}), Message: JSON.stringify({ ...message, State: "ACCEPTED" }) }),
    ],
    ["a message signed by another key", () => signed({}, { key: ofForger.privateKey })],
    ["a signature that is none", () => ({ ...signed({}), Signature: "?" })],
    [
      "a confirmation with another link",
      () => ({ ...signed({ Type: "SubscriptionConfirmation" }), SubscribeURL: "https://10.0.0.1/" }),
    ],
  ])("%s", async (_, posted) => {
    await refusal(posted());
    expect(agent.hosts).toHaveLength(1);
  });

  test.each<[string, () => unknown]>([
    ["what came by another topic, though SNS signed it", () => signed({ TopicArn: `${TOPIC}-2` })],
    ["a certificate of another region", () => certifiedBy("https://sns.us-east-1.amazonaws.com")],
    ["a certificate in a bucket named sns", () => certifiedBy("https://sns.s3-eu-west-1.amazonaws.com")],
    ["a certificate of anybody", () => certifiedBy("https://sns.eu-west-1.amazonaws.com.evil.example")],
    ["a certificate without TLS", () => certifiedBy("http://sns.eu-west-1.amazonaws.com")],
    ["a certificate at another port", () => certifiedBy("https://sns.eu-west-1.amazonaws.com:8443")],
    [
      "an answer of the API in place of a certificate",
      () => certifiedBy("https://sns.eu-west-1.amazonaws.com", "/?Action=GetEndpointAttributes&.pem"),
    ],
    ["a message delivered raw", () => message],
    ["a message without a signature", () => ({ ...signed({}), Signature: undefined })],
    ["what is not JSON", () => "hello"],
  ])("%s, and nothing is fetched for it", async (_, posted) => {
    await refusal(posted());
    expect(agent.hosts).toEqual([]);
  });

  const certifiedBy = (origin: string, path = CERTIFICATE) => ({
    ...signed({}),
    SigningCertURL: `${origin}${path}`,
  });

  test("a genuine message whose certificate cannot be had now, but it is when it comes again", async () => {
    const { body } = answer;
    answer = { status: 503, body: "Slow down" };
    await refusal(signed({}));
    answer = { status: 200, body };
    expect((await receive(signed({}))).kind).toBe("notification");
  });

  test("a genuine message while the network is down, and the error says why", async () => {
    const posted = signed({});
    server.close();
    const error = await refusal(posted);
    expect(error.cause).toMatchObject({ code: "ECONNREFUSED" });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  test("a message that is told without its token", async () => {
    const error = await refusal({ ...signed({}), Signature: "?" });
    expect(inspect(error, { depth: 9 })).not.toContain(message.ExchangeToken);
  });
});
