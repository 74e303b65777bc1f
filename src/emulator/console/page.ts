import { createHash } from "node:crypto";
import type { HttpResponse } from "../protocols/protocol";
import { Html, html } from "./html";
import { LIVE } from "./live";
import { STYLE } from "./style";

export interface Page {
  readonly status: number;
  /** The most important words first: a screen reader begins with them. */
  readonly title: string;
  /** The content of `main`. */
  readonly body: Html;
  /** The interval at which the page reloads itself without a script. */
  readonly reloadSeconds?: number;
  /** For the script: shows the page again when `version` has changed, and announces `news`. */
  readonly live?: { readonly version: string; readonly news: string };
}

const hashOf = (text: string, encoding: "base64" | "hex") =>
  createHash("sha256").update(text).digest(encoding);

/** A version that is equal for equal values. */
export const versionOf = (value: unknown): string => hashOf(JSON.stringify(value), "hex");

/** Allows the page's own style and script only, no framing, and no forms to other origins. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hashOf(STYLE, "base64")}'`,
  `script-src 'sha256-${hashOf(LIVE, "base64")}'`,
  "connect-src 'self'",
  "img-src data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // With no-referrer, browsers would send the origin "null" with the posts of our own forms.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

export function answerWith(page: Page, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status: page.status, headers: { ...HEADERS, ...headers }, body: documentOf(page).text };
}

/** A page with an error message and the way back only. */
export const errorPage = (status: number, title: string, text: string): Page => ({
  status,
  title,
  body: html`<h1 tabindex="-1">${title}</h1><p>${text}</p><p><a href="/">See what waits for a decision</a></p>`,
});

const documentOf = ({ title, body, live, reloadSeconds }: Page): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${reloadSeconds !== undefined && html`<meta http-equiv="refresh" content="${reloadSeconds}">`}
<title>${title} – Emulated AWS</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<header><div><p><strong>This is an emulator, not AWS.</strong> Nothing here reaches a real account.</p>
<nav aria-label="Pages"><a href="/">All pending</a></nav></div></header>
<main${live !== undefined && html` data-version="${live.version}" data-news="${live.news}"`}>
${body}
</main>
<div class="news" role="status"></div>
${live !== undefined && html`<script>${new Html(LIVE)}</script>`}
</body>
</html>
`;
