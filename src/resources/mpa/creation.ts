import { randomUUID } from "node:crypto";
import { hasCode, ReadableError } from "../../aws/errors";
import { CREATE_ATTEMPTS, derivedToken, findCreated } from "../../provider/creation";
import { InitializationError, type Request } from "../../provider/lifecycle";
import {
  formatOwner,
  isOfOrigin,
  isOurs,
  isOurTry,
  type Marked,
  OWNER_TAG,
  ownerPath,
  ownershipIdOf,
  type Tags,
} from "./ownership";
import { listTags, setTags, type Target, unmanagedTagsOf } from "./tagging";

/** What is known of a resource right after the create call. */
export interface Created {
  arn: string;
  creationTime?: string;
  /** Known from the first record on, so that no later step can leave an id that no state has. */
  ownershipId?: string;
  unmanagedTags?: string[];
}

/** How resources of one type are created. */
export interface Creation<Found extends Marked> {
  /** For messages: type and name. */
  resource: string;
  inputs: { clientToken?: string; adopt?: boolean; tags?: Record<string, string> };
  /** The inputs that are sent, from which the first token is derived. */
  tokenInputs: readonly unknown[];
  /** Makes the create call. @throws OperationError */
  send(token: string): Promise<Created>;
  find(arn: string): Promise<Found | undefined>;
  /** What the owner tag is set on. */
  targetOf(arn: string): Target;
  /** The resource that keeps AWS from creating this one. */
  findExisting(): Promise<Found | undefined>;
  isBeingDeleted(found: Found): boolean;
  waitUntilGone(arn: string): Promise<void>;
  /** Whether a resource that exists is what the program asks for, and may be taken over. */
  isAskedFor(found: Found): boolean;
  /** Why AWS cannot create it beside the existing one, and what to do. */
  conflictMessage(found: Found): string;
  /** Chooses another name, if the name is ours to choose. */
  rename?(): void;
  /** The state of a resource that nothing but the create call has told of. */
  stateOf(created: Created): object;
}

/**
 * Creates or adopts a resource. Safe to repeat after a crash: the first token and the parameters sent with it are derived
 * from the same inputs, so AWS returns the result of the first call. The program's tags may change between attempts, and AWS
 * refuses a token with other parameters, so they are not sent. AWS also returns the first result when that resource has been
 * deleted since. Then a random token is used, and after a crash the resource is found by its owner tag.
 */
export async function createOrAdopt<Found extends Marked>(
  creation: Creation<Found>,
  request: Request,
): Promise<Created> {
  let token = creation.inputs.clientToken ?? derivedToken([request.origin, ...creation.tokenInputs]);
  for (let attempt = 0; attempt < CREATE_ATTEMPTS; attempt++) {
    let existing: Found | undefined;
    let refusal: unknown;
    try {
      const answer = await creation.send(token);
      const found = await confirmCreated(creation, answer, request);
      if (found && !creation.isBeingDeleted(found) && isOurs(found, answer)) return answer;
      existing = found;
      token = `pulumi-${randomUUID()}`;
    } catch (error) {
      if (!hasCode(error, "ServiceQuotaExceeded", "Conflict")) throw error;
      refusal = error;
      existing = await creation.findExisting();
      if (!existing) throw error;
    }
    if (existing === undefined) continue;
    const taken = await takeOver(creation, existing, request);
    if (taken) return taken;
    const isGoing = creation.isBeingDeleted(existing);
    // One of the same origin may be what a crash has left: another name would double it.
    if (creation.rename && (isGoing || !isOfOrigin(existing, request.origin))) {
      creation.rename();
      token = `pulumi-${randomUUID()}`;
    } else if (isGoing) await creation.waitUntilGone(existing.arn);
    else throw new ReadableError(creation.resource, creation.conflictMessage(existing), { cause: refusal });
  }
  throw new ReadableError(
    creation.resource,
    "similar resources were created and deleted at the same time. Run pulumi up again.",
  );
}

/** The resource at the ARN that the create call returned. A failed read does not lose it. */
async function confirmCreated<Found extends Marked>(
  creation: Creation<Found>,
  created: Created,
  { context }: Request,
): Promise<Found | undefined> {
  try {
    const read = () => creation.find(created.arn);
    return (await findCreated(read, created.creationTime, context)).found;
  } catch (error) {
    throw new InitializationError(created.arn, creation.stateOf(created), error);
  }
}

/** The existing resource, if an earlier attempt left it or the program adopts it. */
async function takeOver<Found extends Marked>(
  creation: Creation<Found>,
  existing: Found,
  request: Request,
): Promise<Created | undefined> {
  if (creation.isBeingDeleted(existing) || !creation.isAskedFor(existing)) return undefined;
  const { arn, tags } = existing;
  if (isOurTry(existing, request.origin)) return { arn };
  if (!creation.inputs.adopt) return undefined;
  const ownershipId = await claim(creation.targetOf(arn), request);
  return { arn, ownershipId, ...unmanagedTagsOf(tags, creation.inputs) };
}

/**
 * Sets the owner's id, if an adoption has not: the last step of a create, since a resource that has the id is complete.
 * @returns what the state notes of it
 */
export async function mark(
  target: Target,
  tags: Tags,
  { ownershipId: id }: { ownershipId?: string },
  { origin }: Request,
): Promise<{ unmarked: undefined }> {
  const owner = formatOwner({ path: ownerPath(origin), id });
  if (tags[OWNER_TAG] !== owner) await setTags(target, { [OWNER_TAG]: owner });
  return { unmarked: undefined };
}

/**
 * Sets the owner's id before a later step of the adoption can fail: with another's id, a refresh would drop what such a
 * failure records. If nothing is recorded at all, the program still says `adopt`, and the next run claims it again.
 */
async function claim(target: Target, { origin, context }: Request): Promise<string> {
  const id = randomUUID();
  try {
    await setTags(target, { [OWNER_TAG]: formatOwner({ path: ownerPath(origin), id }) });
  } catch (error) {
    // A lost answer: the tag may have been set all the same.
    const tags = await listTags(target, context).catch(() => ({}));
    if (ownershipIdOf({ tags }) !== id) throw error;
  }
  return id;
}
