import type { Caller } from "../caller";
import { AwsError } from "../errors";
import type { Invocation } from "../operation";
import { isAllowed } from "../policy";
import { list, map, string, structure } from "../shapes";

export interface Topic {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Those that were set; `Policy` is always there. */
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly owner: string;
  /** ARN of an SQS queue: no other protocol is emulated. */
  readonly endpoint: string;
  rawMessageDelivery: boolean;
}

export const topicArn = string({ min: 1 });
export const tagList = list(
  structure({ Key: string({ min: 1, max: 128 }), Value: string({ max: 256 }) }, ["Key", "Value"]),
  {
    max: 50,
  },
);
export const attributeMap = map(string({}), string({}));

export const invalidParameter = (reason: string) =>
  new AwsError("InvalidParameter", 400, `Invalid parameter: ${reason}`);

export const notEmulated = (what: string) => invalidParameter(`${what} is not emulated by the embedded AWS`);

/** The topic, when the caller may do `action` on it: its account may, and whom the topic's policy allows. */
export function findTopic(arn: string, action: string, { caller, cloud }: Invocation): Topic {
  if (!/^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/.test(arn))
    throw invalidParameter("TopicArn Reason: no valid topic ARN");
  const topic = cloud.topics.get(arn);
  if (topic === undefined) throw new AwsError("NotFound", 404, "Topic does not exist");
  if (topic.account !== caller.account && !allowsCaller(topic, action, caller)) {
    throw new AwsError(
      "AuthorizationError",
      403,
      `User: ${caller.arn} is not authorized to perform: SNS:${action} on resource: ${arn}`,
    );
  }
  return topic;
}

function allowsCaller(topic: Topic, action: string, { account, arn }: Caller): boolean {
  return isAllowed(topic.attributes.get("Policy"), {
    principal: { account, arn },
    action: `sns:${action}`,
    resource: topic.arn,
    context: { "aws:sourceowner": account, "aws:sourceaccount": account },
  });
}

export function findSubscription(arn: string, { caller, cloud }: Invocation): Subscription {
  const subscription = cloud.subscriptions.get(arn);
  const visible =
    subscription?.owner === caller.account || subscription?.topicArn.split(":")[4] === caller.account;
  if (subscription === undefined || !visible)
    throw new AwsError("NotFound", 404, "Subscription does not exist");
  return subscription;
}

/** The policy of a topic that was given none: its own account may use it, no service may. */
export const defaultPolicy = (arn: string, account: string): string =>
  JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:Subscribe", "SNS:Publish"],
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      },
    ],
  });

export const describeSubscription = (subscription: Subscription) => ({
  SubscriptionArn: subscription.arn,
  Owner: subscription.owner,
  Protocol: "sqs",
  Endpoint: subscription.endpoint,
  TopicArn: subscription.topicArn,
});
