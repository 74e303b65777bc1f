import type { SQSClient } from "@aws-sdk/client-sqs";
import { REQUEST_ID } from "../aws/delegationRequestState";
import { call } from "../aws/errors";
import type { MailboxAddress } from "./address";
import type { DelegationNotification } from "./messages";
import { parseNotification } from "./notification";
import type { MailboxTable } from "./table";

/** A message of the queue, as SQS gives it to a reader. */
interface QueueMessage {
  MessageId?: string | undefined;
  Body?: string | undefined;
}

interface Destination {
  address: Pick<MailboxAddress, "topicArn" | "deadLetterQueueUrl">;
  table: MailboxTable;
  sqs(): Promise<SQSClient>;
  log(line: string): void;
}

export interface SaveResult<Message> {
  /** The messages that may be deleted from the queue. */
  done: Message[];
  /** The requests that notifications have been saved of. */
  requestIds: Set<string>;
}

const CALL_TIMEOUT_MS = 15_000;

/**
 * Saves what messages tell, and copies to the dead-letter queue what is no notification.
 * @throws the first error, when nothing could be saved or copied
 */
export async function saveMessages<Message extends QueueMessage>(
  messages: readonly Message[],
  destination: Destination,
): Promise<SaveResult<Message>> {
  const result: SaveResult<Message> = { done: [], requestIds: new Set() };
  const errors: unknown[] = [];
  await Promise.all(
    messages.map(async (message) => {
      try {
        const parsed = parse(message, destination.address.topicArn);
        if ("reason" in parsed) {
          if (!(await copyToDeadLetters(message, parsed.reason, destination))) return;
        } else {
          await destination.table.save(parsed, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
          result.requestIds.add(parsed.requestId);
        }
        result.done.push(message);
      } catch (error) {
        errors.push(error);
      }
    }),
  );
  const [error] = errors;
  if (error !== undefined && errors.length === messages.length) throw error;
  if (error !== undefined) {
    const count = `${errors.length} of ${messages.length} messages`;
    destination.log(`${count} could not be saved, and stay in the queue. ${(error as Error).message}`);
  }
  return result;
}

function parse({ Body = "" }: QueueMessage, topicArn?: string): DelegationNotification | { reason: string } {
  const parsed = parseNotification(Body, topicArn === undefined ? {} : { topicArn });
  if (parsed.kind === "unrecognized") return parsed;
  if (!REQUEST_ID.test(parsed.notification.requestId)) return { reason: "names no delegation request" };
  return parsed.notification;
}

/** @returns whether there is a dead-letter queue */
async function copyToDeadLetters(
  { MessageId = "", Body }: QueueMessage,
  reason: string,
  { address: { deadLetterQueueUrl }, sqs, log }: Destination,
): Promise<boolean> {
  if (deadLetterQueueUrl === undefined) {
    log(
      `A message of the queue ${reason}. It stays there (message id ${MessageId}): the inbox has no dead-letter queue.`,
    );
    return false;
  }
  const [{ SendMessageCommand }, client] = await Promise.all([import("@aws-sdk/client-sqs"), sqs()]);
  const command = new SendMessageCommand({
    QueueUrl: deadLetterQueueUrl,
    MessageBody: Body,
    MessageAttributes: { reason: { DataType: "String", StringValue: reason } },
  });
  const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
  await call("sqs:SendMessage", deadLetterQueueUrl, () => client.send(command, { abortSignal }));
  log(`A message of the queue ${reason}. It was moved to the dead-letter queue (message id ${MessageId}).`);
  return true;
}
