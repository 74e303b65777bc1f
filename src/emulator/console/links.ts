/** The addresses of the console's pages, some of which the API answers. */

/** As in AWS's console: `https://us-east-1.console.aws.amazon.com/iam/account-access-requests/review/ID`. */
const REQUESTS = "/iam/account-access-requests/review/";
/** Where the approval portals are. */
export const PORTAL_PATH = "/mpa/home/approval-portal";

/** A page of the console, as its path names it. */
export type ConsolePage =
  | { readonly kind: "delegation-request"; readonly id: string }
  /** The address that a delegation request's page had before. */
  | { readonly kind: "moved"; readonly id: string }
  | { readonly kind: "approval-portal"; readonly account: string }
  | { readonly kind: "not-found" };

export const delegationRequestPath = (id: string): string => `${REQUESTS}${id}`;

/** The ConsoleDeepLink of a delegation request. */
export const consoleDeepLink = (id: string, endpoint: string): string =>
  `${endpoint}${delegationRequestPath(id)}`;

/** The ApprovalPortalUrl of an account's identity source. */
export const approvalPortalUrl = (account: string, endpoint: string): string =>
  `${endpoint}${PORTAL_PATH}/${account}`;

/** Undefined for the paths of the APIs. */
export function consolePageAt(path: string): ConsolePage | undefined {
  const [, id] = /^\/iam\/account-access-requests\/review\/([\w-]+)$/.exec(path) ?? [];
  if (id !== undefined) return { kind: "delegation-request", id };
  const [, moved] = /^\/iam\/home\/delegation-requests\/([\w-]+)$/.exec(path) ?? [];
  if (moved !== undefined) return { kind: "moved", id: moved };
  const [, account] = /^\/mpa\/home\/approval-portal\/(\d{12})$/.exec(path) ?? [];
  if (account !== undefined) return { kind: "approval-portal", account };
  const isConsole = /^\/(iam\/account-access-requests|(iam|mpa)\/home)(\/|$)/.test(path);
  return isConsole ? { kind: "not-found" } : undefined;
}
