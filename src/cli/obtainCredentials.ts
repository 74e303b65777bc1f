import type { AwsClients } from "../aws/clients";
import { hasCode } from "../aws/errors";
import type { DelegatedAccess } from "../functions/sts/tradeIn";
import { tradeIn } from "../functions/sts/tradeIn";
import { parseNotification } from "../mailbox/notification";
import { Secret } from "../mailbox/secret";
import { clientsFor, REMEDIES } from "./aws";
import { RequestCache } from "./cache";
import { cachedCredentials } from "./cachedCredentials";
import { exitCodes, Failure } from "./exitCodes";
import { followInboxes } from "./followInboxes";
import type { AccessOptions } from "./options";
import { formatUtc } from "./output";

/**
 * How long to look for a token that should have arrived: longer than SNS takes to deliver to SQS, and no longer than an
 * AWS tool that asks for credentials should hang. Waiting for people is `wait`'s.
 */
const LOOK_MS = 2_000;

/**
 * Credentials of a request: those at hand, or what its token is traded in for.
 * @throws Failure when there is none to be had: rejected, lapsed, ended, or nobody has decided
 */
export async function obtainAccess(options: AccessOptions): Promise<DelegatedAccess> {
  const { request: id } = options;
  const cache = new RequestCache();
  const access = options.tokenStdin ? undefined : cachedCredentials(id);
  if (access) return access;
  cache.sweep();
  const clients = clientsFor(options, id);
  if (options.tokenStdin) return exchange(id, tokenIn(await readStdin(), id, cache), clients, cache);
  refuseIfEnded(id, cache);
  const token = cache.read(id).token ?? (await tokenFromInbox(options, clients, cache));
  return exchange(id, token, clients, cache);
}

async function exchange(
  id: string,
  token: Secret,
  clients: AwsClients,
  cache: RequestCache,
): Promise<DelegatedAccess> {
  try {
    const access = await tradeIn(token.reveal(), clients, REMEDIES);
    cache.keepAccess(id, access, token);
    return access;
  } catch (error) {
    if (!hasCode(error, "ExpiredTradeInToken")) throw error;
    cache.end(id, cache.read(id).known?.tokenExpiresAt ?? new Date());
    throw new Failure(`The access of request ${id} has ended. ${error.message}`, exitCodes.expired, {
      cause: error,
    });
  }
}

/** The token in what was given on stdin: itself, or the message of a queue. */
function tokenIn(text: string, id: string, cache: RequestCache): Secret {
  if (text === "") throw new Failure("--token-stdin: there is nothing on stdin.", exitCodes.usage);
  if (!text.startsWith("{")) return new Secret(text);
  const parsed = parseNotification(text);
  if (parsed.kind === "unrecognized")
    throw new Failure(`--token-stdin: the message ${parsed.reason}.`, exitCodes.usage);
  const { notification } = parsed;
  if (notification.type !== "ExchangeToken" || notification.requestId !== id) {
    throw new Failure(`--token-stdin: the message has no token of request ${id}.`, exitCodes.usage);
  }
  cache.merge(notification);
  refuseIfEnded(id, cache);
  return notification.exchangeToken;
}

async function tokenFromInbox(
  options: AccessOptions,
  clients: AwsClients,
  cache: RequestCache,
): Promise<Secret> {
  const { request: id } = options;
  const { signal } = new AbortController();
  const search = { requestIds: [id], goal: "FINALIZED", timeout: LOOK_MS, cache, signal } as const;
  const outcomes = await followInboxes(search, options, clients);
  const { known, token } = cache.read(id);
  if (token) return token;
  refuseIfEnded(id, cache);
  const when = known ? ` (${formatUtc(known.updatedAt)})` : "";
  switch (outcomes.get(id)) {
    case "rejected":
      throw new Failure(`The customer has rejected request ${id}${when}. ${ASK_AGAIN}`, exitCodes.rejected);
    case "expired":
      throw new Failure(`Request ${id} has lapsed${when}. ${ASK_AGAIN}`, exitCodes.expired);
    case "granted":
      throw new Failure(
        `Request ${id} is granted${when}, but its token isn't in the queue: another reader has taken it. Give it by --token-stdin.`,
      );
    default:
      throw new Failure(
        `There is no token of request ${id} yet: it is ${known?.state ?? "in no state that we were told"}${when}. ` +
          `To wait for people: aws-approvals wait --request ${id}`,
        exitCodes.timedOut,
      );
  }
}

const ASK_AGAIN = "To ask again, make a new request: change its generation, and run pulumi up.";

function refuseIfEnded(id: string, cache: RequestCache): void {
  const endedAt = cache.read(id).known?.tokenExpiresAt;
  if (!endedAt || endedAt > new Date()) return;
  throw new Failure(
    `The access of request ${id} ended on ${formatUtc(endedAt)}. ${ASK_AGAIN}`,
    exitCodes.expired,
  );
}

async function readStdin(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  return text.trim();
}
