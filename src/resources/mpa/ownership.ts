/**
 * The tag that says whose a resource is. An idempotency token finds what a crash left, and proves nothing: two stacks of
 * the same names have the same one. The tag goes with the create and holds where the resource comes from; the last step
 * of a create adds an id that only one state knows.
 */
export const OWNER_TAG = "pulumi-aws-approvals:owner";

export interface Owner {
  /** `organization/project/stack::name`, for people: aliases change it. */
  path: string;
  /** Known to one state. Absent while the create is not complete. */
  id?: string;
}

/** A tag's value holds at most 256 characters. */
const LONGEST_PATH = 200;

/** What tags of AWS may not hold is replaced. */
export const ownerPath = (origin: string): string =>
  origin.replace(/[^\p{L}\p{N} _.:/=+\-@]/gu, "-").slice(0, LONGEST_PATH);

export const formatOwner = ({ path, id }: Owner): string => (id === undefined ? path : `${path} id=${id}`);

export function parseOwner(value: string | undefined): Owner | undefined {
  if (value === undefined) return undefined;
  const [, path = value, id] = /^(.*) id=([0-9a-f-]{36})$/s.exec(value) ?? [];
  return { path, ...(id && { id }) };
}
