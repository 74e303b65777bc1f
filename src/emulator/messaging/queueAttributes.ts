import type { QueueAttributeName } from "@aws-sdk/client-sqs";

/**
 * The attributes to ask fauxqs for: by name where all are asked for, because it then leaves out two that it keeps,
 * `RedriveAllowPolicy` and `SqsManagedSseEnabled`. The `aws` provider waits for those it has set.
 */
export function attributeNamesToFauxqs(asked: readonly unknown[]): readonly unknown[] {
  return asked.includes("All") ? ALL : asked;
}

/** A new queue's attributes with AWS's default: SQS encrypts with a key of its own, unless it is told not to. */
export function withEncryption(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const SqsManagedSseEnabled = String(!attributes["KmsMasterKeyId"]);
  return { SqsManagedSseEnabled, ...attributes };
}

const ALL: readonly Exclude<QueueAttributeName, "All">[] = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
  "ContentBasedDeduplication",
  "CreatedTimestamp",
  "DeduplicationScope",
  "DelaySeconds",
  "FifoQueue",
  "FifoThroughputLimit",
  "KmsDataKeyReusePeriodSeconds",
  "KmsMasterKeyId",
  "LastModifiedTimestamp",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "Policy",
  "QueueArn",
  "ReceiveMessageWaitTimeSeconds",
  "RedriveAllowPolicy",
  "RedrivePolicy",
  "SqsManagedSseEnabled",
  "VisibilityTimeout",
];
