import type { RequestRecord } from "../mailbox/table";
import type { AwsOptions } from "./options";
import { warn } from "./output";
import type { Stack } from "./stack";

/** What the tables of a stack's inboxes tell of its requests. One that cannot be read is told, and left out. */
export async function findNotified(
  stack: Stack,
  options: AwsOptions,
): Promise<ReadonlyMap<string, RequestRecord>> {
  const tables = new Map<string, string[]>();
  for (const { id } of stack.delegationRequests()) {
    const tableArn = stack.findMailbox(id)?.tableArn;
    if (tableArn !== undefined) tables.set(tableArn, [...(tables.get(tableArn) ?? []), id]);
  }
  if (tables.size === 0) return new Map();
  const [{ clientsFor }, { MailboxTable }] = await Promise.all([import("./aws"), import("../mailbox/table")]);
  const clients = clientsFor(options, undefined, { maxRetries: MAX_TRIES });
  const found = await Promise.all(
    [...tables].map(async ([tableArn, ids]) => {
      try {
        return [...(await (await MailboxTable.open(clients, tableArn)).findStates(ids))];
      } catch (error) {
        warn(`${(error as Error).message} What is shown is of the last up or refresh.`);
        return [];
      }
    }),
  );
  return new Map(found.flat());
}

/** Of each call: somebody waits for the answer. */
const MAX_TRIES = 3;
