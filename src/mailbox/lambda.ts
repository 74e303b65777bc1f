import { AwsClients } from "../aws/clients";
import type { MailboxHandlerOptions, SqsBatchResponse } from "./handler";
import { saveMessages } from "./saveMessages";
import { schemas } from "./schemas";

/** Kept between the invocations of a function. */
let clients: AwsClients | undefined;

/** What `mailboxHandler` does with an event; in a file of its own for the reason that `schemas.ts` has. */
export async function saveEvent(
  event: unknown,
  { log = console.warn, tableArn, topicArn, deadLetterQueueUrl }: MailboxHandlerOptions,
): Promise<SqsBatchResponse> {
  // Environment variables that were not set: with the second, every message would be of another topic.
  for (const [name, value] of Object.entries({ tableArn, topicArn }))
    if (value === "") throw new TypeError(`mailboxHandler: ${name} must not be empty`);
  const address = {
    ...{ tableArn, ...(topicArn && { topicArn }) },
    ...(deadLetterQueueUrl && { deadLetterQueueUrl }),
  };
  const parsed = schemas().sqsEvent.safeParse(event);
  if (!parsed.success) throw new TypeError("Not a Lambda event from SQS: its Records have another form");
  clients ??= new AwsClients({});
  const messages = parsed.data.Records.map(({ messageId, body }) => ({ MessageId: messageId, Body: body }));
  const { done, errors, moveErrors } = await saveMessages(messages, address, clients, { log });
  const [error] = [...errors, ...moveErrors];
  if (error !== undefined) throw error;
  const left = messages.filter((message) => !done.includes(message));
  return { batchItemFailures: left.map(({ MessageId }) => ({ itemIdentifier: MessageId })) };
}
