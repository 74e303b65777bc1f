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
  ACCEPTED: "The request is accepted. The requester has access once the token is sent.",
  FINALIZED: "The token was sent to the requester. This cannot be undone, but the access can be revoked.",
  REJECTED: "The request is rejected. The requester gets no access.",
  EXPIRED: "The request has lapsed. To ask again, the requester makes a new one.",
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
