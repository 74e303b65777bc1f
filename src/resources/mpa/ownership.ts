/**
 * The tag that names a resource's owner. An idempotency token finds what a crash left but does not prove ownership, since
 * two stacks with the same names derive the same token. The create call sets the tag to where the resource comes from, and
 * the last step of a create adds an id that only one state has. An adoption sets both as its first step.
 */
export const OWNER_TAG = "pulumi-aws-approvals:owner";

export interface Owner {
  /** `organization/project/stack::name`, for people: aliases change it. */
  path: string;
  /** Stored in one state only. Absent until the create is complete; set from the start when a resource is adopted. */
  id?: string;
}

export type Tags = Record<string, string>;

/** A resource as AWS has it, with the tag that names its owner. */
export interface Marked {
  arn: string;
  creationTime: Date | undefined;
  tags: Tags;
}

/** A tag's value holds at most 256 characters. */
const LONGEST_PATH = 200;

/** Characters that AWS does not allow in tags are replaced. */
export const ownerPath = (origin: string): string =>
  origin.replace(/[^\p{L}\p{N} _.:/=+\-@]/gu, "-").slice(0, LONGEST_PATH);

export const formatOwner = ({ path, id }: Owner): string => (id === undefined ? path : `${path} id=${id}`);

export function parseOwner(value: string | undefined): Owner | undefined {
  if (value === undefined) return undefined;
  const [, path = value, id] = /^(.*) id=([0-9a-f-]{36})$/s.exec(value) ?? [];
  return { path, ...(id && { id }) };
}

/** The creation times that Create and Get return for one resource may differ by seconds. */
const CREATION_TOLERANCE_MS = 10_000;

/**
 * Whether the resource belongs to the state. The ARN alone does not tell: a later resource may have it, or another stack may
 * have adopted this one. The id in the owner tag decides; without an id, the creation time does.
 */
export function isOurs(
  { tags, creationTime }: Marked,
  state: { ownershipId?: string; creationTime?: string },
): boolean {
  const owner = parseOwner(tags[OWNER_TAG]);
  if (owner?.id !== undefined) return owner.id === state.ownershipId;
  if (!creationTime || !state.creationTime) return true;
  return Math.abs(creationTime.getTime() - Date.parse(state.creationTime)) < CREATION_TOLERANCE_MS;
}

/**
 * The owner's id of a resource that is read by its id alone. A state needs it to find the resource again; who imports what
 * another stack has made knows what they do.
 */
export const ownershipIdOf = ({ tags }: Pick<Marked, "tags">): string | undefined =>
  parseOwner(tags[OWNER_TAG])?.id;

/** Whether the tag lacks the id that the state has. A refresh forgets that a create has failed, so the state notes it. */
export const isUnmarked = (found: Pick<Marked, "tags">, state: { ownershipId?: string }): true | undefined =>
  state.ownershipId !== undefined && ownershipIdOf(found) === undefined ? true : undefined;

/** What the next update makes good, whatever the program says. */
export const ownershipUpdates = ({ unmarked }: { unmarked?: boolean }): string[] =>
  unmarked ? ["unmarked"] : [];

/** Whether the resource was made by this one's name, in this state or another. */
export const isOfOrigin = ({ tags }: Marked, origin: string): boolean =>
  parseOwner(tags[OWNER_TAG])?.path === ownerPath(origin);

/** Whether an unfinished create of the same origin has left the resource. */
export const isOurTry = (found: Marked, origin: string): boolean =>
  isOfOrigin(found, origin) && ownershipIdOf(found) === undefined;

/** Who owns a resource, and since when it exists, for messages. */
export function holderOf({ tags, creationTime }: Marked): string {
  const owner = parseOwner(tags[OWNER_TAG]);
  const manager = owner?.path ?? "someone else";
  return `It is managed by ${manager}; it was created ${creationTime?.toISOString() ?? "at an unknown time"}.`;
}
