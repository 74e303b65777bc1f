import { operation } from "../operation";
import { string, structure } from "../shapes";
import { describeSubscription, findTopic, invalidParameter, type Subscription, topicArn } from "./topic";

const PAGE = 100;

export const listSubscriptions = operation(
  "ListSubscriptions",
  structure({ NextToken: string({}) }, []),
  ({ NextToken }, { caller, cloud }) => {
    const own = [...cloud.subscriptions.values()].filter((item) => item.owner === caller.account);
    return pageOf(own, NextToken);
  },
);

export const listSubscriptionsByTopic = operation(
  "ListSubscriptionsByTopic",
  structure({ TopicArn: topicArn, NextToken: string({}) }, ["TopicArn"]),
  ({ TopicArn, NextToken }, invocation) => {
    const topic = findTopic(TopicArn, "ListSubscriptionsByTopic", invocation);
    const onTopic = [...invocation.cloud.subscriptions.values()].filter(
      (item) => item.topicArn === topic.arn,
    );
    return pageOf(onTopic, NextToken);
  },
);

/** The token is the last ARN of the page before. */
function pageOf(all: readonly Subscription[], token: string | undefined) {
  const previous = all.findIndex((item) => item.arn === token);
  if (token !== undefined && previous === -1) throw invalidParameter("NextToken");
  const page = all.slice(previous + 1, previous + 1 + PAGE);
  return {
    Subscriptions: page.map(describeSubscription),
    NextToken: all.length > previous + 1 + PAGE ? page.at(-1)?.arn : undefined,
  };
}
