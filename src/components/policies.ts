/** The service that publishes notifications of delegation requests. */
const IAM = { Service: "iam.amazonaws.com" };

const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

/**
 * Lets IAM publish, as AWS's partner guide words it. The principals of the topic's own account need no statement:
 * their own policies are enough. No condition on `aws:SourceAccount` or `aws:SourceArn`: AWS does not document that
 * IAM's notifications carry them, and a condition that does not hold stops the news without a trace.
 */
export function topicPolicy(topicArn: string): string {
  return policy({
    Sid: "AllowIAMServiceToPublish",
    Effect: "Allow",
    Principal: IAM,
    Action: "SNS:Publish",
    Resource: topicArn,
  });
}

/**
 * Lets IAM encrypt what it publishes, as the SNS guide asks for topics that AWS services publish to, and leaves the
 * key in the hands of its account, without which nobody could manage it.
 */
export function keyPolicy(keyArn: string): string {
  const [, partition, , , account] = keyArn.split(":");
  return policy(
    {
      Sid: "AllowAccountToManageKey",
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "AllowIAMServiceToEncrypt",
      Effect: "Allow",
      Principal: IAM,
      Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
      Resource: "*",
    },
  );
}

/** Lets SNS deliver what comes by that topic, and nothing else. */
export function queuePolicy(queueArn: string, topicArn: string): string {
  return policy({
    Sid: "AllowTopicToSend",
    Effect: "Allow",
    Principal: { Service: "sns.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queueArn,
    Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
  });
}
