import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, GetDelegatedAccessTokenCommand } from "@aws-sdk/client-sts";
import { conforms } from "../conformance";
import {
  type Credentials,
  CUSTOMER,
  failure,
  type Harness,
  PARTNER,
  STRANGER,
  TEMPLATE_ARN,
} from "../harness";
import { act, created, DENIED, TOPIC_ARN } from "../iam/delegationRequests";

/** The partner's queue, which hears of every request. */
async function inbox({ sns, sqs }: Harness): Promise<string> {
  const publish = { Effect: "Allow", Principal: { Service: "iam.amazonaws.com" }, Action: "SNS:Publish" };
  const Policy = JSON.stringify({ Statement: [{ ...publish, Resource: TOPIC_ARN }] });
  await sns(PARTNER).send(new CreateTopicCommand({ Name: "approvals", Attributes: { Policy } }));
  const { QueueUrl = "" } = await sqs(PARTNER).send(new CreateQueueCommand({ QueueName: "inbox" }));
  const Endpoint = `arn:aws:sqs:us-east-1:${PARTNER}:inbox`;
  const Attributes = { RawMessageDelivery: "true" };
  const subscription = { TopicArn: TOPIC_ARN, Protocol: "sqs", Endpoint, Attributes };
  await sns(PARTNER).send(new SubscribeCommand(subscription));
  return QueueUrl;
}
let queue: Promise<string> | undefined;

/** The token of a request that the customer has granted: for an hour. */
async function sentToken(running: Harness, values: string[] = []): Promise<string> {
  queue ??= inbox(running);
  const QueueUrl = await queue;
  const Permissions = {
    PolicyTemplateArn: TEMPLATE_ARN,
    Parameters: [{ Name: "bucket", Values: values }],
  };
  const id = await created(running, ["associate", "accept", "send"], { Permissions });
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await running.sqs(PARTNER).send(receive);
    const told = Messages.map(({ Body = "" }): Record<string, string> => JSON.parse(Body));
    const token = told.find(({ Type, RequestId }) => Type === "ExchangeToken" && RequestId === id);
    if (token?.["ExchangeToken"] !== undefined) return token["ExchangeToken"];
    if (Messages.length === 0) throw new Error("The token was not sent");
  }
}

const call = (TradeInToken: string) => ({ caller: PARTNER, input: { TradeInToken } });

const harness = conforms({
  service: "sts",
  operation: "GetDelegatedAccessToken",
  example: async (running) => call(await sentToken(running)),
  sharper: {
    TradeInToken: { why: "only a token that was sent can be traded in", code: "ValidationError" },
  },
  errors: {
    ExpiredTradeInTokenException: async (running) => {
      const token = await sentToken(running);
      running.clock.advance("1h");
      return call(token);
    },
    PackedPolicyTooLargeException: async (running) => call(await sentToken(running, ["v".repeat(2048)])),
    RegionDisabledException: "injected",
  },
});

const redeem = (who: string, TradeInToken: string) =>
  harness().sts(who).send(new GetDelegatedAccessTokenCommand({ TradeInToken }));
const credentials = async (token: string): Promise<Credentials> => {
  const { Credentials: issued } = await redeem(PARTNER, token);
  return {
    accessKeyId: issued?.AccessKeyId ?? "",
    secretAccessKey: issued?.SecretAccessKey ?? "",
    sessionToken: issued?.SessionToken ?? "",
  };
};

it("gives credentials of the approver until the session ends, as often as asked", async () => {
  const token = await sentToken(harness());
  const Expiration = new Date(harness().clock.now().getTime() + 3_600_000);
  const first = await redeem(PARTNER, token);
  expect(first).toMatchObject({
    AssumedPrincipal: `arn:aws:iam::${CUSTOMER}:root`,
    Credentials: { AccessKeyId: expect.stringMatching(/^ASIA/), Expiration },
  });
  expect(first.PackedPolicySize).toBeUndefined();
  harness().clock.advance("59m");
  const second = await redeem(PARTNER, token);
  expect(second.Credentials?.Expiration).toEqual(Expiration);
  expect(second.Credentials?.AccessKeyId).not.toBe(first.Credentials?.AccessKeyId);
  const delegated = harness().sts(await credentials(token));
  expect(await delegated.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: CUSTOMER });
  harness().clock.advance("1m");
  expect(await failure(delegated.send(new GetCallerIdentityCommand({})))).toMatchObject({
    code: "ExpiredToken",
    status: 403,
  });
});

it("serves the account that asked, no other", async () => {
  const token = await sentToken(harness());
  for (const who of [CUSTOMER, STRANGER]) {
    expect(await failure(redeem(who, token))).toMatchObject(DENIED);
  }
});

it("refuses a token that was never sent, without repeating it", async () => {
  const failed = await failure(redeem(PARTNER, "made-up-token"));
  expect(failed).toMatchObject({ code: "ValidationError", status: 400 });
  expect(failed.message).not.toContain("made-up-token");
});

it("gives no right to decide on delegation requests", async () => {
  const delegated = await credentials(await sentToken(harness()));
  const id = await created(harness(), ["associate"]);
  expect(await failure(act(harness(), delegated, "reject", id))).toMatchObject(DENIED);
});
