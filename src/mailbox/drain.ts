import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import type { AwsClients } from "../aws/clients";
import { CALL_TIMEOUT_MS, callWithin } from "../aws/deadline";
import type { MailboxAddress } from "./address";
import { QUEUE_REMEDIES, queueRegion } from "./queue";
import { type SaveOptions, saveMessages } from "./saveMessages";

export interface DrainOptions extends SaveOptions {
  /** How long to wait for a first message, 0 to 20 seconds. */
  waitSeconds: number;
}

export interface DrainResult {
  /** How many messages were received: with 0 the queue is empty, or its messages are with other readers. */
  received: number;
  /** How many notifications among them could not be saved, and remain in the queue. */
  failed: number;
  /** The requests that notifications have been saved of. */
  requestIds: ReadonlySet<string>;
}

/** How long SQS hides a received message. After a crash, others get it only when this is over. */
const VISIBILITY_SECONDS = 30;

/**
 * Takes up to ten messages from the queue, saves what they tell in the table, and deletes them. Any number of readers may do
 * so at once. What could not be saved stays in the queue. A message that is no notification is moved to the dead-letter
 * queue, with the reason; without such a queue it stays, and that is logged.
 *
 * It may be ended at any time: what was received and not deleted comes back after half a minute.
 *
 * @throws OperationError when the queue cannot be read, or nothing could be saved; when the signal ended it, too
 */
export async function drain(
  address: MailboxAddress,
  clients: AwsClients,
  { waitSeconds, ...options }: DrainOptions,
): Promise<DrainResult> {
  const sqs = await clients.sqs(queueRegion(address.queueUrl, address.tableArn));
  const messages = await receive(sqs, address, waitSeconds, options);
  const { done, requestIds, errors } = await saveMessages(messages, address, clients, options);
  await deleteMessages(sqs, address, done, options);
  const [error] = errors;
  if (error !== undefined && requestIds.size === 0) throw error;
  if (error !== undefined) {
    const count = `${errors.length} of ${messages.length} messages`;
    options.log(`${count} could not be saved and remain in the queue. ${(error as Error).message}`);
  }
  return { received: messages.length, failed: errors.length, requestIds };
}

async function receive(
  sqs: SQSClient,
  { queueUrl }: MailboxAddress,
  waitSeconds: number,
  { abortSignal }: SaveOptions,
): Promise<Message[]> {
  const { ReceiveMessageCommand } = await import("@aws-sdk/client-sqs");
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: VISIBILITY_SECONDS,
    WaitTimeSeconds: waitSeconds,
  });
  const timeout = waitSeconds * 1_000 + CALL_TIMEOUT_MS;
  const options = { abortSignal, timeout, remedies: QUEUE_REMEDIES };
  const send = (within: { abortSignal: AbortSignal }) => sqs.send(command, within);
  const { Messages = [] } = await callWithin("sqs:ReceiveMessage", queueUrl, options, send);
  return Messages;
}

/** What is not deleted comes back, and is then saved to no effect. */
async function deleteMessages(
  sqs: SQSClient,
  { queueUrl }: MailboxAddress,
  messages: readonly Message[],
  { abortSignal, log }: SaveOptions,
): Promise<void> {
  if (messages.length === 0) return;
  const { DeleteMessageBatchCommand } = await import("@aws-sdk/client-sqs");
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const command = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
  const options = { abortSignal, remedies: QUEUE_REMEDIES };
  const send = (within: { abortSignal: AbortSignal }) => sqs.send(command, within);
  const { Failed = [] } = await callWithin("sqs:DeleteMessage", queueUrl, options, send);
  const [first] = Failed;
  if (first === undefined) return;
  const count = `${Failed.length} of ${messages.length} messages`;
  log(
    `${count} were saved, but could not be deleted from the queue (${first.Code}). They will be received again.`,
  );
}
