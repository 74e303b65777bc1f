import { administratorKey } from "../caller";
import type { DelegationRequestState } from "../iam/delegationRequest";
import { type Html, html } from "./html";

/** `2026-03-01 12:00:00 UTC` */
export function time(at: Date): Html {
  const iso = at.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
}

/** `1 hour 30 minutes` */
export function duration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor((seconds % 3600) / 60), "minute"],
    [seconds % 60, "second"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`)
    .join(" ");
}

/** A link if the URL is of HTTP; otherwise its text. */
export function link(url: string): Html {
  const followable = URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
  return followable ? html`<a href="${url}" rel="noopener noreferrer">${url}</a>` : html`${url}`;
}

/** What a state means to the customer. */
export const STATE_DESCRIPTIONS: Readonly<Record<DelegationRequestState, string>> = {
  UNASSIGNED: "Nobody has claimed the request yet.",
  ASSIGNED: "The request has an owner and waits for a decision.",
  PENDING_APPROVAL: "The request was forwarded to somebody with more permissions, who decides.",
  ACCEPTED: "The request is accepted. The requestor has access once the token is sent.",
  FINALIZED: "The token was sent to the requestor.",
  REJECTED: "The request is rejected. The requestor gets no access.",
  EXPIRED: "The request has expired. To ask again, the requestor makes a new one.",
};

/** The states that follow if the customer agrees. */
export const REMAINING_STATES: Readonly<Record<DelegationRequestState, readonly DelegationRequestState[]>> = {
  UNASSIGNED: ["ASSIGNED", "ACCEPTED", "FINALIZED"],
  ASSIGNED: ["ACCEPTED", "FINALIZED"],
  PENDING_APPROVAL: ["ACCEPTED", "FINALIZED"],
  ACCEPTED: ["FINALIZED"],
  FINALIZED: [],
  REJECTED: [],
  EXPIRED: [],
};

/** A command of the AWS CLI, with what makes it act on the emulator as an account's role Administrator. */
export function awsCommand(endpoint: string, account: string, rest: string): Html {
  const lines = [
    `AWS_ENDPOINT_URL=${endpoint} AWS_ACCESS_KEY_ID=${administratorKey(account)} \\`,
    "AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1 \\",
    `aws ${rest}`,
  ];
  return html`<pre tabindex="0" role="region" aria-label="Command of the AWS CLI">${lines.join("\n")}</pre>`;
}

/** Why an action was refused. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

/** The message of a refused action, which takes the focus. */
export const alert = (problem: Problem | undefined): Html | undefined =>
  problem &&
  html`<div class="card alert" role="alert" tabindex="-1" autofocus><h2>${problem.title}</h2><p>${problem.text}</p></div>`;
