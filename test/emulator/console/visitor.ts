/** A scriptless browser for the console's pages: opens them, fills in their forms, keeps its cookie. */
import type { CreateDelegationRequestCommandInput } from "@aws-sdk/client-iam";
import { type Harness, PARTNER } from "../harness";
import { createAs } from "../iam/delegationRequests";

export interface VisitedPage {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** The page without its markup. */
  readonly text: string;
}

/** Creates a request of the partner. Answers its id and console link. */
export async function createRequest(
  harness: Harness,
  more: Partial<CreateDelegationRequestCommandInput> = {},
): Promise<{ id: string; link: string }> {
  const { DelegationRequestId: id = "", ConsoleDeepLink: link = "" } = await createAs(harness, PARTNER, more);
  return { id, link };
}

/** Keeps its cookie, and sends `Origin` with its posts. */
export class Visitor {
  cookie = "";

  async open(url: string, init: RequestInit = {}): Promise<VisitedPage> {
    const headers = new Headers(init.headers);
    if (this.cookie !== "" && !headers.has("cookie")) headers.set("cookie", this.cookie);
    const response = await fetch(url, { redirect: "manual", ...init, headers });
    const [kept] = response.headers.get("set-cookie")?.split(";") ?? [];
    if (kept !== undefined) this.cookie = kept;
    const html = await response.text();
    return { status: response.status, headers: response.headers, html, text: textOf(html) };
  }

  /** Posts form fields. */
  post(
    url: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<VisitedPage> {
    return this.open(url, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { origin: new URL(url).origin, ...headers },
    });
  }

  /** Opens a page, submits the form of an action, and answers the page that it leads to. */
  async click(url: string, action: string, fields: Record<string, string> = {}): Promise<VisitedPage> {
    const page = await this.open(url);
    const answer = await this.post(url, { action, token: tokenIn(page), ...fields });
    if (answer.status !== 303) return answer;
    return this.open(new URL(answer.headers.get("location") ?? "", url).href);
  }
}

/** The CSRF token of a page's forms; an invalid one when it has none. */
export const tokenIn = ({ html }: VisitedPage): string =>
  /name="token" value="([^"]*)"/.exec(html)?.[1] ?? "none";

/** The actions that a page has forms for. */
export const actionsIn = ({ html }: VisitedPage): string[] =>
  [...html.matchAll(/name="action" value="(\w+)"/g)].map(([, action = ""]) => action);

/** The tags of a page, with the names of their attributes. */
export const markupOf = ({ html }: Pick<VisitedPage, "html">): string[] =>
  (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, ""));

const textOf = (html: string): string =>
  html
    .replace(/<(style|script)>.*?<\/\1>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#(\d+);/g, (_entity, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, " ");
