import { AwsError } from "./errors";

const MAX_RESULTS = 20;
const PREFIX = "after:";

/** A page of a list: the token says how many items came before. */
export function pageOf<T>(
  items: readonly T[],
  { MaxResults = MAX_RESULTS, NextToken }: { readonly MaxResults?: number; readonly NextToken?: string },
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const start = NextToken === undefined ? 0 : positionOf(NextToken);
  const end = start + MaxResults;
  const nextToken = end < items.length ? Buffer.from(`${PREFIX}${end}`).toString("base64url") : undefined;
  return { items: items.slice(start, end), nextToken };
}

function positionOf(token: string): number {
  const [, position] = /^after:(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString("utf8")) ?? [];
  if (position === undefined) throw new AwsError("ValidationError", 400, "Invalid NextToken");
  return Number(position);
}
