/** The addresses of the console's pages, some of which the API answers. */

const REQUESTS = "/iam/home/delegation-requests/";
const PORTALS = "/mpa/home/approval-portal/";

/** A page of the console, as its path names it. */
export type ConsolePage =
  | { readonly kind: "delegation-request"; readonly id: string }
  | { readonly kind: "approval-portal"; readonly account: string }
  | { readonly kind: "not-found" };

export const delegationRequestPath = (id: string): string => `${REQUESTS}${id}`;

/** The ConsoleDeepLink of a delegation request. */
export const consoleDeepLink = (id: string, endpoint: string): string =>
  `${endpoint}${delegationRequestPath(id)}`;

/** The ApprovalPortalUrl of an account's identity source. */
export const approvalPortalUrl = (account: string, endpoint: string): string =>
  `${endpoint}${PORTALS}${account}`;

/** Undefined for the paths of the APIs. */
export function consolePageAt(path: string): ConsolePage | undefined {
  const [, id] = /^\/iam\/home\/delegation-requests\/([\w-]+)$/.exec(path) ?? [];
  if (id !== undefined) return { kind: "delegation-request", id };
  const [, account] = /^\/mpa\/home\/approval-portal\/(\d{12})$/.exec(path) ?? [];
  if (account !== undefined) return { kind: "approval-portal", account };
  return /^\/(iam|mpa)\/home(\/|$)/.test(path) ? { kind: "not-found" } : undefined;
}
