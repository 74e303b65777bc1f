import { operation } from "../operation";
import { structure } from "../shapes";
import { findTopic, topicArn } from "./topic";

/** Idempotent; takes the topic's subscriptions with it. */
export const deleteTopic = operation(
  "DeleteTopic",
  structure({ TopicArn: topicArn }, ["TopicArn"]),
  ({ TopicArn }, invocation) => {
    const { cloud } = invocation;
    if (!cloud.topics.has(TopicArn)) return undefined;
    const topic = findTopic(TopicArn, "DeleteTopic", invocation);
    cloud.topics.delete(topic.arn);
    for (const { arn, topicArn: of } of cloud.subscriptions.values()) {
      if (of === topic.arn) cloud.subscriptions.delete(arn);
    }
    return undefined;
  },
);
