/**
 * The tag that names a resource's owner. An idempotency token finds what a crash left but does not prove ownership, since
 * two stacks with the same names derive the same token. The create call sets the tag to where the resource comes from, and
 * the last step of a create adds an id that only one state has.
 */
export const OWNER_TAG = "pulumi-aws-approvals:owner";

export interface Owner {
  /** `organization/project/stack::name`, for people: aliases change it. */
  path: string;
  /** Stored in one state only. Absent until the create is complete. */
  id?: string;
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
