import type { RequestRecord } from "../mailbox/table";
import type { NamedMailbox } from "./mailboxes";
import type { AwsOptions } from "./options";
import { warn } from "./output";
import type { Stack } from "./stack";

/** What the inboxes of a stack tell. */
export interface Notified {
  /** By the requests' ids. */
  records: ReadonlyMap<string, RequestRecord>;
  /** AWS's time; this machine's when AWS was not asked. */
  now: Date;
}

/**
 * What the inboxes of a stack know of its requests: their queues are drained first. One that cannot be read is left out,
 * with a warning.
 */
export async function findNotified(stack: Stack, options: AwsOptions): Promise<Notified> {
  const inboxes = new Map<string, { named: NamedMailbox; ids: string[] }>();
  for (const { id } of stack.delegationRequests()) {
    const named = stack.findMailbox(id);
    if (named === undefined) continue;
    const inbox = inboxes.get(named.tableArn) ?? { named, ids: [] };
    inbox.ids.push(id);
    inboxes.set(named.tableArn, inbox);
  }
  if (inboxes.size === 0) return { records: new Map(), now: new Date() };
  const [{ clientsFor }, { Mailbox }] = await Promise.all([import("./aws"), import("./mailboxes")]);
  const clients = clientsFor(options, undefined, { maxRetries: MAX_TRIES });
  const found = await Promise.all(
    [...inboxes.values()].map(async ({ named, ids }) => {
      try {
        const mailbox = new Mailbox(named, clients);
        const start = performance.now();
        while ((await mailbox.drain(1)) && performance.now() - start < DRAIN_MS);
        return [...(await (await mailbox.table()).findStates(ids, { consistentRead: true }))];
      } catch (error) {
        warn(`${(error as Error).message} What is shown is of the last up or refresh.`);
        return [];
      }
    }),
  );
  return { records: new Map(found.flat()), now: clients.now() };
}

/** For how long at most messages are taken from a queue: somebody waits for the answer. */
const DRAIN_MS = 8_000;
/** Of each call. */
const MAX_TRIES = 3;
