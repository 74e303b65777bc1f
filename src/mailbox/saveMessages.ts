import type { AwsClients } from "../aws/clients";
import { callWithin } from "../aws/deadline";
import { REQUEST_ID } from "../aws/delegationRequestState";
import type { MailboxAddress } from "./address";
import type { DelegationNotification } from "./messages";
import { parseNotification } from "./notification";
import { QUEUE_REMEDIES, queueRegion } from "./queue";
import { type CallOptions, MailboxTable } from "./table";

/** A message of the queue, as SQS gives it to a reader. */
interface QueueMessage {
  MessageId?: string | undefined;
  Body?: string | undefined;
}

export interface SaveResult<Message> {
  /** The messages that may be deleted from the queue. */
  done: Message[];
  /** The requests that notifications have been saved of. */
  requestIds: Set<string>;
  /** Why notifications could not be saved. */
  errors: unknown[];
  /** Why what is no notification could not be moved, which has been logged. */
  moveErrors: unknown[];
}

export interface SaveOptions extends CallOptions {
  /** Shows a line to a person. It has no secrets. The same line comes again as long as its cause lasts. */
  log(line: string): void;
}

/**
 * Saves what messages tell in the table, and copies to the dead-letter queue what is no notification. Without such a queue
 * it is not done, which is logged.
 */
export async function saveMessages<Message extends QueueMessage>(
  messages: readonly Message[],
  address: Omit<MailboxAddress, "queueUrl">,
  clients: AwsClients,
  options: SaveOptions,
): Promise<SaveResult<Message>> {
  const result: SaveResult<Message> = { done: [], requestIds: new Set(), errors: [], moveErrors: [] };
  if (messages.length === 0) return result;
  const table = await MailboxTable.open(clients, address.tableArn);
  const save = async (message: Message): Promise<void> => {
    const parsed = parse(message, address.topicArn);
    if ("reason" in parsed) {
      const moved = moveToDeadLetters(message, parsed.reason, address, clients, options);
      if (!(await moved.catch((error: unknown) => void result.moveErrors.push(error)))) return;
    } else {
      await table.save(parsed, options);
      result.requestIds.add(parsed.requestId);
    }
    result.done.push(message);
  };
  await Promise.all(
    messages.map((message) => save(message).catch((error: unknown) => result.errors.push(error))),
  );
  return result;
}

function parse({ Body = "" }: QueueMessage, topicArn?: string): DelegationNotification | { reason: string } {
  const parsed = parseNotification(Body, topicArn === undefined ? {} : { topicArn });
  if (parsed.kind === "unrecognized") return parsed;
  if (!REQUEST_ID.test(parsed.notification.requestId))
    return { reason: "does not name a delegation request" };
  return parsed.notification;
}

/**
 * @returns whether there is a dead-letter queue
 * @throws OperationError when it cannot be sent there
 */
async function moveToDeadLetters(
  { MessageId = "", Body }: QueueMessage,
  reason: string,
  { tableArn, deadLetterQueueUrl }: Omit<MailboxAddress, "queueUrl">,
  clients: AwsClients,
  { log, abortSignal }: SaveOptions,
): Promise<boolean> {
  const which = `A message in the queue ${reason} (message id ${MessageId}).`;
  if (deadLetterQueueUrl === undefined) {
    log(`${which} It remains there, because the inbox has no dead-letter queue.`);
    return false;
  }
  const { SendMessageCommand } = await import("@aws-sdk/client-sqs");
  const sqs = await clients.sqs(queueRegion(deadLetterQueueUrl, tableArn));
  const command = new SendMessageCommand({
    QueueUrl: deadLetterQueueUrl,
    MessageBody: Body,
    MessageAttributes: { reason: { DataType: "String", StringValue: reason } },
  });
  const options = { abortSignal, remedies: QUEUE_REMEDIES };
  const send = (within: { abortSignal: AbortSignal }) => sqs.send(command, within);
  await callWithin("sqs:SendMessage", deadLetterQueueUrl, options, send).catch((error: Error) => {
    log(`${which} It remains there. ${error.message}`);
    throw error;
  });
  log(`${which} It was moved to the dead-letter queue.`);
  return true;
}
