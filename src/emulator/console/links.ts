/** The addresses of the console's pages, some of which the API answers. */
import type { HttpRequest } from "../protocols/protocol";
import { isSigned } from "../signature";

/** As in AWS's console: `https://us-east-1.console.aws.amazon.com/iam/account-access-requests/review/ID`. */
const REQUESTS = "/iam/account-access-requests/review/";
/** Where the approval portals are. */
export const PORTAL_PATH = "/mpa/home/approval-portal";

/** A page of the console, as its path names it. */
export type ConsolePage =
  /** What waits for a decision, at the address that is the APIs' for all but browsers. */
  | { readonly kind: "overview" }
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
  `${endpoint}${approvalPortalPath(account)}`;

export const approvalPortalPath = (account: string): string => `${PORTAL_PATH}/${account}`;

/** Undefined for what the APIs answer. */
export function consolePageOf(request: HttpRequest): ConsolePage | undefined {
  const { path } = request;
  const [, id] = /^\/iam\/account-access-requests\/review\/([\w-]+)$/.exec(path) ?? [];
  if (id !== undefined) return { kind: "delegation-request", id };
  const [, moved] = /^\/iam\/home\/delegation-requests\/([\w-]+)$/.exec(path) ?? [];
  if (moved !== undefined) return { kind: "moved", id: moved };
  const [, account] = /^\/mpa\/home\/approval-portal\/(\d{12})$/.exec(path) ?? [];
  if (account !== undefined) return { kind: "approval-portal", account };
  if (/^\/(iam\/account-access-requests|(iam|mpa)\/home)(\/|$)/.test(path)) return { kind: "not-found" };
  if (!isOpenedInBrowser(request)) return undefined;
  return { kind: path === "/" ? "overview" : "not-found" };
}

/** Clients of the APIs sign their calls, and do not ask for HTML. */
const isOpenedInBrowser = ({ method, headers, query }: HttpRequest): boolean =>
  (method === "GET" || method === "HEAD") &&
  !isSigned(headers, query) &&
  /(^|[\s,])text\/html\b/i.test(String(headers["accept"] ?? ""));
