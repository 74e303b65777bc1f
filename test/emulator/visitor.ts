import {
  CreateDelegationRequestCommand,
  type CreateDelegationRequestCommandInput,
} from "@aws-sdk/client-iam";
import { type Harness, PARTNER, TEMPLATE_ARN } from "./harness";

export interface Visit {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** What a reader sees: the page without its markup. */
  readonly text: string;
}

let workflow = 0;

/** Has the partner make a request. Answers its id and link. */
export async function ask(
  harness: Harness,
  more: Partial<CreateDelegationRequestCommandInput> = {},
): Promise<{ id: string; link: string }> {
  const { DelegationRequestId: id = "", ConsoleDeepLink: link = "" } = await harness.iam(PARTNER).send(
    new CreateDelegationRequestCommand({
      Description: "Back up your buckets",
      Permissions: { PolicyTemplateArn: TEMPLATE_ARN },
      RequestorWorkflowId: `visited-${++workflow}`,
      NotificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
      SessionDuration: 3600,
      ...more,
    }),
  );
  return { id, link };
}

/** A browser without scripts: keeps its cookie, fills in forms, says where its posts come from. */
export class Visitor {
  cookie = "";

  async open(url: string, init: RequestInit = {}): Promise<Visit> {
    const headers = new Headers(init.headers);
    if (this.cookie !== "" && !headers.has("cookie")) headers.set("cookie", this.cookie);
    const response = await fetch(url, { redirect: "manual", ...init, headers });
    const [kept] = response.headers.get("set-cookie")?.split(";") ?? [];
    if (kept !== undefined) this.cookie = kept;
    const html = await response.text();
    return { status: response.status, headers: response.headers, html, text: textOf(html) };
  }

  /** Posts what a page's form for an action would. */
  post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Visit> {
    return this.open(url, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { origin: new URL(url).origin, ...headers },
    });
  }

  /** Opens a page, presses a button there, and answers the page that it leads to. */
  async click(url: string, action: string, fields: Record<string, string> = {}): Promise<Visit> {
    const page = await this.open(url);
    const answer = await this.post(url, { action, token: tokenIn(page), ...fields });
    if (answer.status !== 303) return answer;
    return this.open(new URL(answer.headers.get("location") ?? "", url).href);
  }
}

/** The token of a page's forms; some token when it has none. */
export const tokenIn = ({ html }: Visit): string => /name="token" value="([^"]*)"/.exec(html)?.[1] ?? "none";

/** The actions that a page has forms for. */
export const actionsIn = ({ html }: Visit): string[] =>
  [...html.matchAll(/name="action" value="(\w+)"/g)].map(([, action = ""]) => action);

/** The page's markup alone: tags with the names of their attributes. */
export const markupOf = ({ html }: Pick<Visit, "html">): string[] =>
  (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, ""));

const textOf = (html: string): string =>
  html
    .replace(/<(style|script)>.*?<\/\1>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#(\d+);/g, (_entity, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, " ");
