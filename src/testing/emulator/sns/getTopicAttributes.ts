import { operation } from "../operation";
import { structure } from "../shapes";
import { findTopic, topicArn } from "./topic";

export const getTopicAttributes = operation(
  "GetTopicAttributes",
  structure({ TopicArn: topicArn }, ["TopicArn"]),
  ({ TopicArn }, invocation) => {
    const topic = findTopic(TopicArn, "GetTopicAttributes", invocation);
    const confirmed = [...invocation.cloud.subscriptions.values()].filter(
      (item) => item.topicArn === topic.arn,
    ).length;
    return {
      Attributes: new Map([
        ["TopicArn", topic.arn],
        ["Owner", topic.account],
        ["DisplayName", ""],
        ["SubscriptionsConfirmed", String(confirmed)],
        ["SubscriptionsPending", "0"],
        ["SubscriptionsDeleted", "0"],
        ...topic.attributes,
      ]),
    };
  },
);
