import type { Command } from "commander";
import type { AwsClients } from "../../aws/clients";
import type { MailboxAddress } from "../../mailbox/address";
import { wrap } from "../../wrap";
import type { DeadLetter } from "../deadLetters";
import { nextCommand } from "../nextCommand";
import { type AwsOptions, type InboxOptions, withAwsOptions, withInboxOptions } from "../options";
import { field, formatUtc, print, printable, printJson } from "../output";

interface Options extends AwsOptions, InboxOptions {
  redrive?: true;
  json?: true;
}

export function addInbox(program: Command): void {
  withAwsOptions(withInboxOptions(program.command("inbox")))
    .summary("show what waits in an inbox, and its dead letters")
    .description(
      "Shows how many notifications wait in the queue of an inbox, and the messages in its dead-letter " +
        "queue with their reasons, up to a hundred. It removes nothing.\n\n  aws-approvals inbox --stack dev",
    )
    .option("--redrive", "send the dead letters to the queue again, as after an update that understands them")
    .option("--json", "print JSON instead of text")
    .action(inbox);
}

async function inbox({ redrive, json, ...options }: Options): Promise<void> {
  const [{ clientsFor }, { findInboxes }] = await Promise.all([import("../aws"), import("../mailboxes")]);
  const clients = clientsFor(options);
  const inboxes: ShownInbox[] = [];
  for (const mailbox of await findInboxes(options, clients))
    inboxes.push(await look(await mailbox.locate(), clients, redrive === true));
  if (json) printJson({ inboxes });
  else print(inboxes.map((one) => toText(one, options)).join("\n\n"));
}

interface ShownInbox {
  tableArn: string;
  queueUrl: string;
  topicArn: string | null;
  deadLetterQueueUrl: string | null;
  /** Messages that can be received, approximately. */
  waiting: number;
  /** Messages that a reader has received and not deleted, approximately. */
  inFlight: number;
  /** All dead letters, approximately. */
  deadLetterCount: number;
  /** Up to a hundred of them. */
  deadLetters: DeadLetter[];
  /** How many of these have been sent to the queue again. */
  sentAgain: number;
}

async function look(address: MailboxAddress, clients: AwsClients, redrive: boolean): Promise<ShownInbox> {
  const [{ DeadLetters, depthOf }, { queueRegion }] = await Promise.all([
    import("../deadLetters"),
    import("../../mailbox/queue"),
  ]);
  const { tableArn, queueUrl, topicArn = null, deadLetterQueueUrl = null } = address;
  const sqs = await clients.sqs(queueRegion(queueUrl, tableArn));
  const depth = await depthOf(sqs, queueUrl);
  const inbox = { tableArn, queueUrl, topicArn, deadLetterQueueUrl, ...depth };
  if (deadLetterQueueUrl === null) return { ...inbox, deadLetterCount: 0, deadLetters: [], sentAgain: 0 };
  const dead = await depthOf(sqs, deadLetterQueueUrl);
  const letters = await DeadLetters.receive(sqs, deadLetterQueueUrl);
  const deadLetters = letters.list();
  if (redrive) await letters.sendTo(queueUrl);
  else await letters.release();
  return {
    ...inbox,
    deadLetterCount: Math.max(dead.waiting + dead.inFlight, deadLetters.length),
    deadLetters,
    sentAgain: redrive ? deadLetters.length : 0,
  };
}

function toText(inbox: ShownInbox, options: InboxOptions): string {
  const { tableArn, queueUrl, waiting, inFlight, deadLetterCount, deadLetters, sentAgain } = inbox;
  const left = deadLetterCount - sentAgain;
  const letters = deadLetters.map(({ messageId, reason, sentAt }) => {
    const time = sentAt === null ? "" : `${formatUtc(new Date(sentAt))}  `;
    return wrap(`${time}${printable(messageId)}: ${printable(reason ?? "was received too often")}`, "  ");
  });
  return [
    `inbox ${printable(tableArn.replace(/^.*\//, ""))}: ${waiting} waiting, ${inFlight} in flight, ${deadLetterCount} dead letters`,
    ...field("table", printable(tableArn)),
    ...field("queue", printable(queueUrl)),
    ...letters,
    ...(sentAgain > 0
      ? [`  sent again: ${sentAgain}${left > 0 ? `; run again for the other ${left}` : ""}`]
      : []),
    ...(sentAgain === 0 && deadLetters.length > 0
      ? field("next", nextCommand("inbox --redrive", options))
      : []),
  ].join("\n");
}
