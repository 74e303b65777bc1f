/** Where the console's pages are. Their addresses travel in answers of the API. */
import type { Cloud } from "../cloud";

const REQUESTS = "/iam/home/delegation-requests/";
const PORTALS = "/mpa/home/approval-portal/";

/** What a path of the console shows. */
export type Place =
  | { readonly page: "delegation-request"; readonly id: string }
  | { readonly page: "approval-portal"; readonly account: string }
  | { readonly page: "nowhere" };

export const delegationRequestPath = (id: string): string => `${REQUESTS}${id}`;

/** The ConsoleDeepLink of a delegation request. */
export const consoleDeepLink = (id: string, { endpoint }: Cloud): string =>
  `${endpoint}${delegationRequestPath(id)}`;

/** The ApprovalPortalUrl of an account's identity source. */
export const approvalPortalUrl = (account: string, { endpoint }: Cloud): string =>
  `${endpoint}${PORTALS}${account}`;

/** Undefined for the paths of the APIs. */
export function placeOf(path: string): Place | undefined {
  const [, id] = /^\/iam\/home\/delegation-requests\/([\w-]+)$/.exec(path) ?? [];
  if (id !== undefined) return { page: "delegation-request", id };
  const [, account] = /^\/mpa\/home\/approval-portal\/(\d{12})$/.exec(path) ?? [];
  if (account !== undefined) return { page: "approval-portal", account };
  return /^\/(iam|mpa)\/home(\/|$)/.test(path) ? { page: "nowhere" } : undefined;
}
