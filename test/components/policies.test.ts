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
    expect(JSON.parse(keyPolicy(`arn:${partition}:kms:us-east-1:111122223333:key/1234`))).toEqual({
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
