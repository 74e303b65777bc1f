import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import type { AwsClients } from "../aws/clients";
import { call } from "../aws/errors";
import type { MailboxAddress } from "./address";
import { QUEUE_REMEDIES, queueRegion } from "./queue";
import { CALL_TIMEOUT_MS, saveMessages } from "./saveMessages";

export interface DrainOptions {
  /** How long to wait for a first message, 0 to 20 seconds. */
  waitSeconds: number;
  /** Ends the waiting. Messages that have been received are still saved. */
  abortSignal?: AbortSignal;
  /** Shows a line to a person. It has no secrets. The same line comes again as long as its cause lasts. */
  log(line: string): void;
}

export interface DrainResult {
  /** How many messages were received: with 0 the queue is empty, or its messages are with other readers. */
  received: number;
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
 * @throws OperationError when the queue cannot be read, or nothing could be saved
 */
export async function drain(
  address: MailboxAddress,
  clients: AwsClients,
  { waitSeconds, abortSignal, log }: DrainOptions,
): Promise<DrainResult> {
  const sqs = await clients.sqs(queueRegion(address.queueUrl, address.tableArn));
  const messages = await receive(sqs, address, waitSeconds, abortSignal);
  const { done, requestIds, errors } = await saveMessages(messages, address, clients, log);
  await deleteMessages(sqs, address, done, log);
  const [error] = errors;
  if (error !== undefined && errors.length === messages.length) throw error;
  if (error !== undefined) {
    const count = `${errors.length} of ${messages.length} messages`;
    log(`${count} could not be saved, and stay in the queue. ${(error as Error).message}`);
  }
  return { received: messages.length, requestIds };
}

async function receive(
  sqs: SQSClient,
  { queueUrl }: MailboxAddress,
  waitSeconds: number,
  stopped?: AbortSignal,
): Promise<Message[]> {
  const { ReceiveMessageCommand } = await import("@aws-sdk/client-sqs");
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: VISIBILITY_SECONDS,
    WaitTimeSeconds: waitSeconds,
  });
  const timeout = AbortSignal.timeout(waitSeconds * 1_000 + CALL_TIMEOUT_MS);
  const abortSignal = stopped ? AbortSignal.any([stopped, timeout]) : timeout;
  try {
    const { Messages = [] } = await call(
      "sqs:ReceiveMessage",
      queueUrl,
      () => sqs.send(command, { abortSignal }),
      QUEUE_REMEDIES,
    );
    return Messages;
  } catch (error) {
    if (stopped?.aborted) return [];
    throw error;
  }
}

/** What is not deleted comes back, and is then saved to no effect. */
async function deleteMessages(
  sqs: SQSClient,
  { queueUrl }: MailboxAddress,
  messages: readonly Message[],
  log: DrainOptions["log"],
): Promise<void> {
  if (messages.length === 0) return;
  const { DeleteMessageBatchCommand } = await import("@aws-sdk/client-sqs");
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const command = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
  const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const { Failed = [] } = await call(
    "sqs:DeleteMessage",
    queueUrl,
    () => sqs.send(command, { abortSignal }),
    QUEUE_REMEDIES,
  );
  const [first] = Failed;
  if (first) {
    const count = `${Failed.length} of ${messages.length} messages`;
    log(`${count} were saved, and could not be deleted from the queue (${first.Code}). They come again.`);
  }
}
