import { randomUUID } from "node:crypto";
import { operation } from "../operation";
import { boolean, string, structure } from "../shapes";
import { setSubscriptionAttribute } from "./attributes";
import { attributeMap, findTopic, invalidParameter, notEmulated, type Subscription, topicArn } from "./topic";

const input = structure(
  {
    TopicArn: topicArn,
    Protocol: string({}),
    Endpoint: string({}),
    Attributes: attributeMap,
    ReturnSubscriptionArn: boolean,
  },
  ["TopicArn", "Protocol"],
);

/** Subscribes a queue of the caller's account; idempotent. */
export const subscribe = operation("Subscribe", input, (given, invocation) => {
  const { caller, cloud } = invocation;
  const topic = findTopic(given.TopicArn, "Subscribe", invocation);
  if (given.Protocol !== "sqs") throw notEmulated(`The protocol ${given.Protocol}`);
  const [, account] = /^arn:aws:sqs:[a-z0-9-]+:(\d{12}):[\w-]+$/.exec(given.Endpoint ?? "") ?? [];
  if (given.Endpoint === undefined || account === undefined) throw invalidParameter("SQS endpoint ARN");
  if (account !== caller.account)
    throw notEmulated("Subscribing another account's queue, which must confirm it,");
  const existing = [...cloud.subscriptions.values()].find(
    (item) => item.topicArn === topic.arn && item.endpoint === given.Endpoint,
  );
  const subscription: Subscription = {
    arn: `${topic.arn}:${randomUUID()}`,
    topicArn: topic.arn,
    owner: caller.account,
    endpoint: given.Endpoint,
    rawMessageDelivery: false,
  };
  for (const [name, value] of given.Attributes ?? []) setSubscriptionAttribute(subscription, name, value);
  if (existing === undefined) {
    cloud.subscriptions.set(subscription.arn, subscription);
    return { SubscriptionArn: subscription.arn };
  }
  if (existing.rawMessageDelivery !== subscription.rawMessageDelivery) {
    throw invalidParameter("Attributes Reason: Subscription already exists with different attributes");
  }
  return { SubscriptionArn: existing.arn };
});
