import type { TokenRecord } from "../mailbox/table";
import { CommandError, exitCodes } from "./exitCodes";
import type { Mailbox } from "./mailboxes";
import { nextFor } from "./nextCommand";
import type { AccessOptions } from "./options";
import { outcomeOf } from "./outcome";
import { formatUtc } from "./output";

/** For how long at most messages are taken from the queue: an AWS tool waits for its credentials. */
const DRAIN_MS = 20_000;

/**
 * The token of a request, which lives. The queue is drained only when the table has none.
 * @throws CommandError when the request was rejected or has expired, the access has ended, or nobody has decided
 */
export async function findToken(id: string, mailbox: Mailbox, options: AccessOptions): Promise<TokenRecord> {
  const table = await mailbox.table();
  const start = performance.now();
  let isOver = false;
  let found = await table.findToken(id);
  while (!isLive(found, mailbox) && !isOver) {
    const saved = await mailbox.drain(1);
    isOver = saved === undefined || performance.now() - start > DRAIN_MS;
    if (isOver || saved?.has(id)) found = await table.findToken(id);
  }
  if (isLive(found, mailbox)) return found;
  throw await whyNone(id, mailbox, found, options);
}

const isLive = (found: TokenRecord | undefined, { clients }: Mailbox): found is TokenRecord =>
  found !== undefined && found.accessEndsAt > clients.now();

const ASK_AGAIN = "To ask again, make a new request: change its generation, and run pulumi up.";

export const ended = (id: string, endedAt: Date | undefined, options?: ErrorOptions): CommandError =>
  new CommandError(
    `The access of request ${id} ${endedAt ? `ended on ${formatUtc(endedAt)}` : "has ended"}. ${ASK_AGAIN}`,
    exitCodes.expired,
    options,
  );

async function whyNone(
  id: string,
  mailbox: Mailbox,
  token: TokenRecord | undefined,
  options: AccessOptions,
): Promise<CommandError> {
  const states = await (await mailbox.table()).findStates([id], { consistentRead: true });
  const status = states.get(id);
  const endedAt = token?.accessEndsAt ?? status?.tokenExpiresAt;
  const when = status ? ` (${formatUtc(status.updatedAt)})` : "";
  switch (status && outcomeOf(status, "FINALIZED", mailbox.clients.now())) {
    case "rejected":
      return new CommandError(
        `The customer has rejected request ${id}${when}. ${ASK_AGAIN}`,
        exitCodes.rejected,
      );
    case "expired":
      return endedAt
        ? ended(id, endedAt)
        : new CommandError(`Request ${id} has expired${when}. ${ASK_AGAIN}`, exitCodes.expired);
    default:
      return new CommandError(
        `There is no token of request ${id} yet: ` +
          `${status ? `its state is ${status.state}${when}` : "the inbox has no notification of it"}. ` +
          `To wait for the customer: ${nextFor("wait", options.reference ?? id, options)}`,
        exitCodes.timedOut,
      );
  }
}
