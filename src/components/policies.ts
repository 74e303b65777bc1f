/** The service that publishes notifications of delegation requests. */
const IAM = { Service: "iam.amazonaws.com" };

const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

/**
 * Lets IAM publish, as in AWS's partner guide. Principals of the topic's own account need no statement, since their own
 * policies are enough. There is no condition on `aws:SourceAccount` or `aws:SourceArn`: AWS does not document that IAM's
 * notifications have them, and with a condition that does not match, notifications would be lost silently.
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
 * Lets IAM encrypt what it publishes, as the SNS guide says for topics that AWS services publish to. The first statement
 * lets the account manage the key; without it, nobody could. For a table, the last one lets whoever in the account may use
 * the table use its key, but through DynamoDB only: the statement of AWS's own key for DynamoDB.
 */
export function keyPolicy(keyArn: string, { encryptsTable }: { encryptsTable: boolean }): string {
  const [, partition, , region, account] = keyArn.split(":");
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
    ...(encryptsTable
      ? [
          {
            Sid: "AllowAccountThroughDynamoDB",
            Effect: "Allow",
            Principal: { AWS: "*" },
            Action: [
              "kms:Encrypt",
              "kms:Decrypt",
              "kms:ReEncrypt*",
              "kms:GenerateDataKey*",
              "kms:CreateGrant",
              "kms:DescribeKey",
            ],
            Resource: "*",
            Condition: {
              StringEquals: {
                "kms:CallerAccount": account,
                "kms:ViaService": `dynamodb.${region}.amazonaws.com`,
              },
            },
          },
        ]
      : []),
  );
}

/** Lets SNS deliver the topic's messages, and nothing else. */
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
