import type { AwsClients } from "../aws/clients";
import type { InboxAddress, RequestCache } from "./cache";
import { withChildAbort } from "./childAbort";
import { CommandError } from "./exitCodes";
import { Inbox, queueRegion } from "./inbox";
import type { InboxOptions } from "./options";
import { warn } from "./output";
import { type Outcome, type PollOptions, pollInbox } from "./pollInbox";
import type { Stack } from "./stack";

/** Polls for the outcomes of requests, each in the queue that its notifications arrive at. */
export function pollInboxes(
  { requestIds, abortSignal, ...rest }: Omit<PollOptions, "inbox">,
  options: InboxOptions,
  clients: AwsClients,
): Promise<Map<string, Outcome>> {
  return withChildAbort(abortSignal, async (controller) => {
    const inboxes = await groupByInbox(requestIds, options, rest.cache);
    const polls = [...inboxes.values()].map(async ({ address, requestIds }) => {
      const inbox = new Inbox(await clients.sqs(queueRegion(address.queueUrl)), address, rest.cache, warn);
      return pollInbox({ ...rest, requestIds, inbox, abortSignal: controller.signal });
    });
    try {
      return new Map((await Promise.all(polls)).flatMap((outcomes) => [...outcomes]));
    } finally {
      // When one poll fails, stop the others.
      controller.abort();
    }
  });
}

/**
 * The requests of each queue, by queue URL. A request's queue is the first of: `--queue-url`, the loaded stack's, the
 * one used the last time, the one of a stack that is loaded now.
 */
async function groupByInbox(requestIds: readonly string[], options: InboxOptions, cache: RequestCache) {
  const inboxes = new Map<string, { address: InboxAddress; requestIds: string[] }>();
  let { loaded: stack } = options;
  for (const id of requestIds) {
    const { queueUrl } = options;
    let address = queueUrl === undefined ? undefined : { queueUrl };
    address ??= stack && findInbox(stack, id);
    address ??= cache.read(id).inbox;
    if (!address && !stack) {
      const { Stack } = await import("./stack");
      stack = await Stack.load(options);
      address = findInbox(stack, id);
    }
    if (!address) throw new CommandError(NO_QUEUE);
    const inbox = inboxes.get(address.queueUrl) ?? { address, requestIds: [] as string[] };
    inbox.requestIds.push(id);
    inboxes.set(address.queueUrl, inbox);
  }
  return inboxes;
}

const findInbox = (stack: Stack, id: string): InboxAddress | undefined =>
  stack.findInbox(stack.delegationRequests().find((request) => request.id === id)?.topicArn);

const NO_QUEUE =
  "The stack doesn't say which queue the request's notifications arrive at. " +
  "Give --queue-url, or export the queue's URL from the stack as queueUrl.";
