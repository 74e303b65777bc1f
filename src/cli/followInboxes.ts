import type { AwsClients } from "../aws/clients";
import type { InboxAddress, RequestCache } from "./cache";
import { Failure } from "./exitCodes";
import { type Follow, follow, type Outcome } from "./follow";
import { Inbox, regionOf } from "./inbox";
import type { InboxOptions } from "./options";
import { warn } from "./output";
import type { Stack } from "./stack";

interface Options extends InboxOptions {
  /** The stack, when it has been loaded already. */
  loaded?: Stack;
}

/** Follows requests, each in the queue that its news arrives at: as told, as the last time, or as the stack knows it. */
export async function followInboxes(
  { requestIds, signal, ...rest }: Omit<Follow, "inbox">,
  options: Options,
  clients: AwsClients,
): Promise<Map<string, Outcome>> {
  const ending = new AbortController();
  const end = () => ending.abort();
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  const follows = [...(await inboxesOf(requestIds, options, rest.cache)).values()].map(
    async ({ address, requestIds }) => {
      const inbox = new Inbox(await clients.sqs(regionOf(address.queueUrl)), address, rest.cache, warn);
      return follow({ ...rest, requestIds, inbox, signal: ending.signal });
    },
  );
  try {
    return new Map((await Promise.all(follows)).flatMap((outcomes) => [...outcomes]));
  } finally {
    // When one queue fails, the others need not be read on.
    end();
    signal.removeEventListener("abort", end);
  }
}

/** By queue URL. */
async function inboxesOf(requestIds: readonly string[], options: Options, cache: RequestCache) {
  const inboxes = new Map<string, { address: InboxAddress; requestIds: string[] }>();
  let { loaded: stack } = options;
  for (const id of requestIds) {
    const { queueUrl } = options;
    let address = queueUrl === undefined ? undefined : { queueUrl };
    address ??= stack && inboxIn(stack, id);
    address ??= cache.read(id).inbox;
    if (!address && !stack) {
      const { Stack } = await import("./stack");
      stack = await Stack.load(options);
      address = inboxIn(stack, id);
    }
    if (!address) throw new Failure(NO_QUEUE);
    const inbox = inboxes.get(address.queueUrl) ?? { address, requestIds: [] as string[] };
    inbox.requestIds.push(id);
    inboxes.set(address.queueUrl, inbox);
  }
  return inboxes;
}

const inboxIn = (stack: Stack, id: string): InboxAddress | undefined =>
  stack.inboxOf(stack.delegationRequests().find((request) => request.id === id)?.topicArn);

const NO_QUEUE =
  "The stack doesn't tell which queue the news of the request arrives at. " +
  "Give --queue-url, or export the queue's URL from the stack as queueUrl.";
