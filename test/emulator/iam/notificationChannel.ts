/** The partner's notification channel: a topic with a subscribed queue, and what was published to it. */
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { CUSTOMER, type Harness, PARTNER, TEMPLATE_ARN } from "../harness";
import { act, created, TOPIC_ARN } from "./delegationRequests";

const QUEUE_ARN = `arn:aws:sqs:us-east-1:${PARTNER}:inbox`;

/** A policy that allows a service an action. */
export const allow = (Service: string, Action: string, Resource: string, more: object = {}) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action, Resource, ...more }],
  });

export const TOPIC_POLICY = allow("iam.amazonaws.com", "SNS:Publish", TOPIC_ARN);
const QUEUE_POLICY = allow("sns.amazonaws.com", "sqs:SendMessage", QUEUE_ARN, {
  Condition: { ArnEquals: { "aws:SourceArn": TOPIC_ARN } },
});

/** Creates topic and queue in an account of the partner's. Answers the queue's URL. */
export async function createChannel(
  { sns, sqs }: Harness,
  { topicPolicy = TOPIC_POLICY, queuePolicy = QUEUE_POLICY, raw = true, account = PARTNER } = {},
): Promise<string> {
  const [TopicArn, Endpoint] = [TOPIC_ARN, QUEUE_ARN].map((arn) => arn.replace(PARTNER, account));
  const policy = (text: string): Record<string, string> => (text === "" ? {} : { Policy: text });
  await sns(account).send(new CreateTopicCommand({ Name: "approvals", Attributes: policy(topicPolicy) }));
  const { QueueUrl = "" } = await sqs(account).send(
    new CreateQueueCommand({ QueueName: "inbox", Attributes: policy(queuePolicy) }),
  );
  const Attributes = { RawMessageDelivery: String(raw) };
  const subscription = { TopicArn, Protocol: "sqs", Endpoint, Attributes };
  await sns(account).send(new SubscribeCommand(subscription));
  return QueueUrl;
}

/** Receives and deletes up to ten messages of a queue. */
export async function received(
  { sqs }: Harness,
  QueueUrl: string,
  account = PARTNER,
): Promise<{ readonly [field: string]: string }[]> {
  const client = sqs(account);
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  );
  for (const { ReceiptHandle } of Messages) {
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
  return Messages.map(({ Body = "" }) => JSON.parse(Body));
}

/** The queue of each emulator on which a token was sent. */
const queues = new WeakMap<Harness, Promise<string>>();

/** The trade-in token of a new request that the customer has granted for an hour. */
export async function sentToken(
  harness: Harness,
  values: string[] = [],
  customer = CUSTOMER,
): Promise<string> {
  const queue = queues.get(harness) ?? createChannel(harness);
  queues.set(harness, queue);
  const QueueUrl = await queue;
  const Permissions = {
    PolicyTemplateArn: TEMPLATE_ARN,
    Parameters: [{ Name: "bucket", Values: values }],
  };
  const id = await created(harness, [], { Permissions });
  for (const step of ["associate", "accept", "send"] as const) await act(harness, customer, step, id);
  for (;;) {
    const messages = await received(harness, QueueUrl);
    const sent = messages.find(({ Type, RequestId }) => Type === "ExchangeToken" && RequestId === id);
    if (sent?.["ExchangeToken"] !== undefined) return sent["ExchangeToken"];
    if (messages.length === 0) throw new Error("The token was not sent");
  }
}
