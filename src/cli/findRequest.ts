import { existsSync } from "node:fs";
import { join } from "node:path";
import { REQUEST_ID } from "../aws/delegationRequestState";
import { nearestName } from "../nearestName";
import { requestsFolder } from "./cachedCredentials";
import { CommandError } from "./exitCodes";
import type { InboxOptions } from "./options";
import type { Stack, StackRequest } from "./stack";

/** The delegation request that `--request` means. */
export interface FoundRequest {
  id: string;
  /** The name of its resource, when a stack was read. */
  name?: string;
  /** The stack, when it was read. */
  loaded?: Stack;
}

/**
 * Finds a request by AWS's id or by the name of its resource. A name may look like an id, so a stack that is given, or can
 * be read, decides. Without a stack, an id is one of a request whose credentials are kept here, or is given with the inbox.
 *
 * @throws CommandError when the stack has no such request, or several
 */
export async function findRequest(reference: string, options: InboxOptions): Promise<FoundRequest> {
  const looksLikeId = REQUEST_ID.test(reference);
  const isKept = looksLikeId && existsSync(join(requestsFolder(), reference));
  const isStackGiven = Boolean(options.stack ?? options.stateFile ?? options.loaded);
  if (!isStackGiven && looksLikeId && (isKept || isInboxGiven(options))) return { id: reference };
  const { Stack } = await import("./stack");
  let loaded: Stack;
  try {
    loaded = await Stack.load(options);
  } catch (error) {
    if (looksLikeId && !isStackGiven && error instanceof CommandError) return { id: reference };
    throw error;
  }
  const found = findInStack(reference, loaded);
  if (found) return { id: found.id, name: found.name, loaded };
  if (isKept) return { id: reference, loaded };
  throw notFound(reference, loaded);
}

/** Finds those that are named, or else all of the stack, which is read at most once. */
export async function findRequests(
  references: readonly string[] | undefined,
  options: InboxOptions,
): Promise<{ requests: FoundRequest[]; loaded?: Stack }> {
  let { loaded } = options;
  if (references === undefined) {
    loaded ??= await (await import("./stack")).Stack.load(options);
    return { requests: loaded.delegationRequests().map(({ id, name }) => ({ id, name })), loaded };
  }
  const requests: FoundRequest[] = [];
  for (const reference of references) {
    const found = await findRequest(reference, { ...options, ...(loaded && { loaded }) });
    loaded ??= found.loaded;
    requests.push(found);
  }
  return { requests, ...(loaded && { loaded }) };
}

const isInboxGiven = (options: InboxOptions): boolean => options.table !== undefined;

/** @throws CommandError when the text is the name or the id of several requests */
function findInStack(reference: string, stack: Stack): StackRequest | undefined {
  const matches = stack.delegationRequests().filter(({ id, name }) => id === reference || name === reference);
  if (matches.length < 2) return matches[0];
  const list = matches.map(({ id, urn }) => `\n  ${id}  ${urn}`).join("");
  throw new CommandError(
    `--request ${reference} is ambiguous: ${describeStack(stack)} has ${matches.length} delegation requests of that name. ` +
      `Give the id of one:${list}`,
  );
}

/** As many names as fit a message. */
const MAX_LISTED = 10;

function notFound(reference: string, stack: Stack): CommandError {
  const names = stack.delegationRequests().map(({ name }) => name);
  const nearest = nearestName(reference, names);
  const listed = names.slice(0, MAX_LISTED).join(", ");
  const more = names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : "";
  const has = names.length === 0 ? "It has none." : `It has ${listed}${more}.`;
  return new CommandError(
    `${describeStack(stack, "T")} has no delegation request ${reference}. ` +
      `${nearest ? `Did you mean ${nearest}? ` : ""}${has}`,
  );
}

/** @param article the first letter, for the beginning of a sentence */
const describeStack = ({ name }: Stack, article = "t"): string =>
  name === undefined ? `${article}he stack` : `${article}he stack ${name}`;
