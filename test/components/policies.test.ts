import { keyPolicy, queuePolicy, topicPolicy } from "../../src/components/policies";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:approvals";

test("the topic lets IAM publish to it, and grants nothing else", () => {
  expect(JSON.parse(topicPolicy(TOPIC))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AllowIAMServiceToPublish",
        Effect: "Allow",
        Principal: { Service: "iam.amazonaws.com" },
        Action: "SNS:Publish",
        Resource: TOPIC,
      },
    ],
  });
});

test("the queue takes messages of the topic alone", () => {
  const queue = "arn:aws:sqs:us-east-1:111122223333:approvals";
  expect(JSON.parse(queuePolicy(queue, TOPIC))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AllowTopicToSend",
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue,
        Condition: { ArnEquals: { "aws:SourceArn": TOPIC } },
      },
    ],
  });
});

test.each(["aws", "aws-us-gov"])(
  "the key lets IAM encrypt, and its account manage it, in %s",
  (partition) => {
    const keyArn = `arn:${partition}:kms:us-east-1:111122223333:key/1234`;
    expect(JSON.parse(keyPolicy(keyArn, { encryptsTable: false }))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AllowAccountToManageKey",
          Effect: "Allow",
          Principal: { AWS: `arn:${partition}:iam::111122223333:root` },
          Action: "kms:*",
          Resource: "*",
        },
        {
          Sid: "AllowIAMServiceToEncrypt",
          Effect: "Allow",
          Principal: { Service: "iam.amazonaws.com" },
          Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
          Resource: "*",
        },
      ],
    });
  },
);

test("the key of a table may be used through DynamoDB by those of the account who may use the table", () => {
  const keyArn = "arn:aws:kms:eu-west-1:111122223333:key/1234";
  const { Statement } = JSON.parse(keyPolicy(keyArn, { encryptsTable: true }));
  expect(Statement).toHaveLength(3);
  expect(Statement[2]).toEqual({
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
        "kms:CallerAccount": "111122223333",
        "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com",
      },
    },
  });
});
