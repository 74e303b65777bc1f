import { randomUUID } from "node:crypto";
import type { Cloud } from "../cloud";
import { operation } from "../operation";
import { isAllowed } from "../policy";
import { map, string, structure } from "../shapes";
import { deliver } from "../sqs/queue";
import { findTopic, invalidParameter, notEmulated, type Subscription, type Topic, topicArn } from "./topic";

const input = structure(
  {
    TopicArn: topicArn,
    TargetArn: topicArn,
    PhoneNumber: string({}),
    Message: string({}),
    Subject: string({ min: 1, max: 100 }),
    MessageStructure: string({}),
    MessageAttributes: map(string({}), structure({ DataType: string({}) }, []), { entry: ["Name", "Value"] }),
  },
  ["Message"],
);

const MAX_MESSAGE_BYTES = 262_144;

export const publishMessage = operation("Publish", input, (given, invocation) => {
  const arn = given.TopicArn ?? given.TargetArn;
  if (given.PhoneNumber !== undefined) throw notEmulated("PhoneNumber");
  if (given.MessageStructure !== undefined) throw notEmulated("MessageStructure");
  if (given.MessageAttributes !== undefined) throw notEmulated("MessageAttributes");
  if (arn === undefined)
    throw invalidParameter("TopicArn or TargetArn Reason: no value for required parameter");
  if (given.Message === "") throw invalidParameter("Empty message");
  if (Buffer.byteLength(given.Message) > MAX_MESSAGE_BYTES) throw invalidParameter("Message too long");
  const topic = findTopic(arn, "Publish", invocation);
  return { MessageId: fanOut(topic, { message: given.Message, subject: given.Subject }, invocation.cloud) };
});

/** A message that an AWS service publishes by itself. */
export interface ServicePublication {
  readonly topicArn: string;
  readonly message: string;
  readonly principal: { readonly service: string; readonly sourceAccount: string };
}

/** Publishes for an AWS service, when the topic's policy lets it. Answers the reason when it does not. */
export function publish(
  { topicArn: arn, message, principal }: ServicePublication,
  cloud: Cloud,
): string | undefined {
  const topic = cloud.topics.get(arn);
  if (topic === undefined) return `there is no topic ${arn}`;
  const allowed = isAllowed(topic.attributes.get("Policy"), {
    principal: { service: principal.service },
    action: "sns:Publish",
    resource: arn,
    context: { "aws:sourceaccount": principal.sourceAccount },
  });
  if (!allowed) return `the policy of ${arn} does not allow ${principal.service} SNS:Publish`;
  fanOut(topic, { message, subject: undefined }, cloud);
  return undefined;
}

interface Content {
  readonly message: string;
  readonly subject: string | undefined;
}

function fanOut(topic: Topic, content: Content, cloud: Cloud): string {
  const messageId = randomUUID();
  for (const subscription of cloud.subscriptions.values()) {
    if (subscription.topicArn !== topic.arn) continue;
    const body = subscription.rawMessageDelivery
      ? content.message
      : JSON.stringify(envelope(subscription, messageId, content, cloud));
    const refusal = deliver(subscription.endpoint, body, topic.arn, cloud);
    if (refusal !== undefined) cloud.note(`sns:delivery to ${subscription.endpoint} failed: ${refusal}`);
  }
  return messageId;
}

/** Its signature is none: nothing that verifies SNS signatures accepts it. */
const envelope = (
  subscription: Subscription,
  messageId: string,
  { message, subject }: Content,
  cloud: Cloud,
) => ({
  Type: "Notification",
  MessageId: messageId,
  TopicArn: subscription.topicArn,
  ...(subject !== undefined && { Subject: subject }),
  Message: message,
  Timestamp: cloud.clock.now().toISOString(),
  SignatureVersion: "1",
  Signature: "bm90IHNpZ25lZA==",
  SigningCertURL: `${cloud.endpoint}/not-signed.pem`,
  UnsubscribeURL: `${cloud.endpoint}/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(subscription.arn)}`,
});
