import { hasCode } from "../aws/errors";
import type { DelegatedAccess } from "../functions/sts/tradeIn";
import { tradeIn } from "../functions/sts/tradeIn";
import { parseNotification } from "../mailbox/notification";
import { Secret } from "../mailbox/secret";
import { clientsFor } from "./aws";
import { RequestCache } from "./cache";
import { cachedCredentials } from "./cachedCredentials";
import { CommandError, exitCodes } from "./exitCodes";
import type { FoundAccess } from "./findAccess";
import { ended, findToken } from "./findToken";
import { Mailboxes } from "./mailboxes";
import type { AccessOptions } from "./options";
import { readStdin } from "./stdin";

/**
 * The credentials of a request: those that are kept, or new ones for its token, which are kept until they end.
 * @throws CommandError when it was rejected or has expired, the access has ended, or nobody has decided
 */
export async function obtainCredentials(options: AccessOptions): Promise<FoundAccess> {
  const { request: id } = options;
  const kept = options.tokenStdin ? undefined : cachedCredentials(id);
  if (kept) return { access: kept, now: new Date() };
  const cache = new RequestCache();
  cache.prune();
  const clients = clientsFor(options, id);
  const mailboxes = new Mailboxes(options, clients, cache);
  const given = options.tokenStdin ? parseStdin((await readStdin()).trim(), id) : undefined;
  const { token, owner } = given
    ? await withOwner(given, id, mailboxes)
    : await tokenOf(options, mailboxes, cache);
  let access: DelegatedAccess;
  try {
    access = await tradeIn(token.reveal(), clients);
  } catch (error) {
    if (!hasCode(error, "ExpiredTradeInToken")) throw error;
    cache.deleteCredentials(id);
    throw ended(id, undefined, { cause: error });
  }
  checkAccount(id, access, owner, options);
  cache.saveCredentials(id, access);
  return { access, now: clients.now() };
}

/** A token, and the account that owns its request, where that is known. */
interface OwnedToken {
  token: Secret;
  owner?: string | undefined;
}

async function tokenOf(
  options: AccessOptions,
  mailboxes: Mailboxes,
  cache: RequestCache,
): Promise<OwnedToken> {
  const { request: id } = options;
  const mailbox = await mailboxes.find(id);
  await mailbox.locate();
  // The next command finds it without the stack.
  cache.saveTable(id, mailbox.tableArn);
  const { token, ownerAccountId } = await findToken(id, mailbox, options);
  return { token, owner: ownerAccountId };
}

/** The token given on stdin, either alone or in a message of the queue. */
function parseStdin(text: string, id: string): OwnedToken {
  if (text === "") throw new CommandError("--token-stdin: there is nothing on stdin.", exitCodes.usage);
  if (!text.startsWith("{")) return { token: new Secret(text) };
  const parsed = parseNotification(text);
  if (parsed.kind === "unrecognized")
    throw new CommandError(`--token-stdin: the message ${parsed.reason}.`, exitCodes.usage);
  const { notification } = parsed;
  if (notification.type !== "ExchangeToken" || notification.requestId !== id)
    throw new CommandError(`--token-stdin: the message has no token of request ${id}.`, exitCodes.usage);
  return { token: notification.exchangeToken, owner: notification.ownerAccountId };
}

/** A token does not say whose it is: the stack, the table or its message must. */
async function withOwner(given: OwnedToken, id: string, mailboxes: Mailboxes): Promise<OwnedToken> {
  const owner = (await findOwner(id, mailboxes)) ?? given.owner;
  if (owner !== undefined) return { ...given, owner };
  throw new CommandError(
    `--token-stdin: nothing says which account owns request ${id}, so the token may be of another request. ` +
      "Name the inbox by --table, or give the message that the token came in.",
    exitCodes.usage,
  );
}

async function findOwner(id: string, mailboxes: Mailboxes): Promise<string | undefined> {
  const inStack = mailboxes.options.loaded?.delegationRequest(id)?.outputs["ownerAccountId"];
  if (typeof inStack === "string") return inStack;
  const mailbox = await mailboxes.find(id).catch((error: unknown) => {
    if (error instanceof CommandError) return undefined;
    throw error;
  });
  const records = await (await mailbox?.table())?.findStates([id]);
  return records?.get(id)?.ownerAccountId;
}

/** @throws CommandError when the credentials are of another account than the request's owner */
function checkAccount(
  id: string,
  { assumedPrincipal }: DelegatedAccess,
  owner: string | undefined,
  { tokenStdin }: AccessOptions,
): void {
  const account = assumedPrincipal?.split(":")[4];
  // A token of the table came with the request's id.
  if (account === undefined ? !tokenStdin : owner === undefined || account === owner) return;
  throw new CommandError(
    `${tokenStdin ? "--token-stdin: the" : "The"} token gives access to account ${account ?? "(unknown)"}, and request ${id} ` +
      `is owned by ${owner}. It is of another request: it was not used.`,
    tokenStdin ? exitCodes.usage : exitCodes.failed,
  );
}
