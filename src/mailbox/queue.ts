import { regionOf } from "../aws/arn";
import { hasCode, type Remedies, remedyFor } from "../aws/errors";

export const QUEUE_REMEDIES: Remedies = {
  ...remedyFor(
    ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"],
    "The queue does not exist in the account and region of its URL. Check that the stack of the inbox is deployed.",
  ),
  ...remedyFor(
    ["KmsAccessDenied", "KmsDisabled", "KmsInvalidState", "KmsNotFound"],
    "The key that encrypts the queue cannot be used. It must be enabled, and its policy or the caller's must allow kms:Decrypt and, to send, kms:GenerateDataKey.",
  ),
};

/** Whether a drain failed since the caller may not do so: others may. */
export const mayNotDrain = (error: unknown): boolean => hasCode(error, "AccessDenied", "KmsAccessDenied");

/** The region in a queue's URL; the table's when it is not a URL of AWS, such as that of an endpoint of your own. */
export const queueRegion = (queueUrl: string, tableArn: string): string =>
  /^https:\/\/sqs(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|api\.aws)/.exec(queueUrl)?.[1] ??
  regionOf(tableArn);
