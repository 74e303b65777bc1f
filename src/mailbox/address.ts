/** Where the notifications of requests arrive, and where they are kept. */
export interface MailboxAddress {
  /** The DynamoDB table that keeps states and tokens. */
  tableArn: string;
  /** The SQS queue that is the buffer before it. */
  queueUrl: string;
  /** Messages of other topics are unrecognized. Absent only where messages come without an SNS envelope (raw delivery). */
  topicArn?: string;
  /** Gets what is unrecognized, with the reason. Without it such messages stay in the queue. */
  deadLetterQueueUrl?: string;
}

/** The partition key of the item by which a table says what inbox it is of. */
export const INBOX_KEY = "inbox";

/** That item, in DynamoDB's JSON. */
export const inboxItem = (address: Omit<MailboxAddress, "tableArn">): Record<string, { S: string }> =>
  Object.fromEntries(
    Object.entries({ pk: INBOX_KEY, ...address }).flatMap(([key, S]) =>
      S === undefined ? [] : [[key, { S }]],
    ),
  );
