import type { AwsClients } from "../aws/clients";
import { hasCode } from "../aws/errors";
import type { DelegatedAccess } from "../functions/sts/tradeIn";
import { tradeIn } from "../functions/sts/tradeIn";
import { parseNotification } from "../mailbox/notification";
import { Secret } from "../mailbox/secret";
import { clientsFor, REMEDIES } from "./aws";
import { RequestCache } from "./cache";
import { cachedCredentials } from "./cachedCredentials";
import { CommandError, exitCodes } from "./exitCodes";
import type { AccessOptions } from "./options";
import { formatUtc } from "./output";
import { pollInboxes } from "./pollInboxes";

/**
 * How long to poll for a token that should have arrived: longer than SNS takes to deliver to SQS, and short enough for an
 * AWS tool that waits for its credentials. To wait for people there is the command `wait`.
 */
const TOKEN_POLL_MS = 2_000;

/**
 * The credentials of a request: the cached ones, or new ones for its token.
 * @throws CommandError when it was rejected or has lapsed, the access has ended, or nobody has decided
 */
export async function obtainCredentials(options: AccessOptions): Promise<DelegatedAccess> {
  const { request: id } = options;
  const cache = new RequestCache();
  const access = options.tokenStdin ? undefined : cachedCredentials(id);
  if (access) return access;
  cache.prune();
  const clients = clientsFor(options, id);
  if (options.tokenStdin) return exchangeToken(id, parseStdin(await readStdin(), id, cache), clients, cache);
  throwIfEnded(id, cache);
  const token = cache.read(id).token ?? (await pollForToken(options, clients, cache));
  return exchangeToken(id, token, clients, cache);
}

async function exchangeToken(
  id: string,
  token: Secret,
  clients: AwsClients,
  cache: RequestCache,
): Promise<DelegatedAccess> {
  try {
    const access = await tradeIn(token.reveal(), clients, REMEDIES);
    cache.saveAccess(id, access, token);
    return access;
  } catch (error) {
    if (!hasCode(error, "ExpiredTradeInToken")) throw error;
    cache.deleteSecrets(id, cache.read(id).status?.tokenExpiresAt ?? new Date());
    throw new CommandError(`The access of request ${id} has ended. ${error.message}`, exitCodes.expired, {
      cause: error,
    });
  }
}

/** The token given on stdin, either alone or in a message of the queue. */
function parseStdin(text: string, id: string, cache: RequestCache): Secret {
  if (text === "") throw new CommandError("--token-stdin: there is nothing on stdin.", exitCodes.usage);
  if (!text.startsWith("{")) return new Secret(text);
  const parsed = parseNotification(text);
  if (parsed.kind === "unrecognized")
    throw new CommandError(`--token-stdin: the message ${parsed.reason}.`, exitCodes.usage);
  const { notification } = parsed;
  if (notification.type !== "ExchangeToken" || notification.requestId !== id) {
    throw new CommandError(`--token-stdin: the message has no token of request ${id}.`, exitCodes.usage);
  }
  cache.merge(notification);
  throwIfEnded(id, cache);
  return notification.exchangeToken;
}

async function pollForToken(
  options: AccessOptions,
  clients: AwsClients,
  cache: RequestCache,
): Promise<Secret> {
  const { request: id } = options;
  const { signal: abortSignal } = new AbortController();
  const search = { requestIds: [id], goal: "FINALIZED", timeout: TOKEN_POLL_MS, cache, abortSignal } as const;
  const outcomes = await pollInboxes(search, options, clients);
  const { status, token } = cache.read(id);
  if (token) return token;
  throwIfEnded(id, cache);
  const when = status ? ` (${formatUtc(status.updatedAt)})` : "";
  switch (outcomes.get(id)) {
    case "rejected":
      throw new CommandError(
        `The customer has rejected request ${id}${when}. ${ASK_AGAIN}`,
        exitCodes.rejected,
      );
    case "expired":
      throw new CommandError(`Request ${id} has lapsed${when}. ${ASK_AGAIN}`, exitCodes.expired);
    case "granted":
      throw new CommandError(
        `Request ${id} is granted${when}, but its token isn't in the queue: another reader has taken it. Give it by --token-stdin.`,
      );
    default:
      throw new CommandError(
        `There is no token of request ${id} yet: its state is ${status?.state ?? "unknown"}${when}. ` +
          `To wait for the customer: aws-approvals wait --request ${id}`,
        exitCodes.timedOut,
      );
  }
}

const ASK_AGAIN = "To ask again, make a new request: change its generation, and run pulumi up.";

function throwIfEnded(id: string, cache: RequestCache): void {
  const endedAt = cache.read(id).status?.tokenExpiresAt;
  if (!endedAt || endedAt > new Date()) return;
  throw new CommandError(
    `The access of request ${id} ended on ${formatUtc(endedAt)}. ${ASK_AGAIN}`,
    exitCodes.expired,
  );
}

async function readStdin(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  return text.trim();
}
