import type { MailboxAddress } from "./address";
import { lambda } from "./schemas";

/** The mailbox to save in, without its queue, which the function's event source mapping names. */
export interface MailboxHandlerOptions extends Omit<MailboxAddress, "queueUrl"> {
  /** Gets a line for each message that is no notification, without what it says. Default: `console.warn`. */
  log?: (line: string) => void;
}

/** The response of a Lambda function to SQS: the messages that stay in the queue. */
export interface SqsBatchResponse {
  /** The messages that SQS hands out again. */
  batchItemFailures: {
    /** The message's id: `messageId` of its record in the event. */
    itemIdentifier: string;
  }[];
}

/**
 * Makes the handler of a Lambda function that drains an inbox: it saves what the queue's messages tell in the table, so that
 * nobody needs to wait for it. An inline function may use it, and a bundled one imports it from
 * `pulumi-aws-approvals/notifications`. Readers may drain the same queue meanwhile.
 *
 * When a message could not be saved, the function fails, and SQS hands out all of the batch again; what was saved before is
 * not changed by that. What is no notification is moved to `deadLetterQueueUrl` with the reason. Without that queue it is
 * answered as a batch item failure, so the event source mapping needs `functionResponseTypes: ["ReportBatchItemFailures"]`:
 * otherwise it is deleted. An empty `deadLetterQueueUrl`, as of an environment variable, is none; with an empty `tableArn` or
 * `topicArn` the function fails.
 *
 * @example
 * import { mailboxHandler } from "pulumi-aws-approvals/notifications";
 *
 * export const handler = mailboxHandler({ tableArn: process.env.TABLE_ARN ?? "", topicArn: process.env.TOPIC_ARN });
 */
export function mailboxHandler(
  options: MailboxHandlerOptions,
): (event: unknown) => Promise<SqsBatchResponse> {
  return (event) => lambda().saveEvent(event, options);
}
