/** Keeps other sites from making a visitor's browser decide: who reaches the emulator needs no password. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { WireRequest } from "../protocols/protocol";

const COOKIE = "emulated-aws-visitor";
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Tokens for forms. One is good for one emulator from its start to its end, for one browser (by a cookie that browsers
 * don't send along with other sites' posts), and for one delegation request.
 */
export class FormTokens {
  private readonly key = randomBytes(32);

  /** The browser's cookie, or one for it to keep. */
  visitorOf(request: WireRequest): { readonly id: string; readonly setCookie: string | undefined } {
    const known = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{22})(?:;|$)`).exec(header(request, "cookie"))?.[1];
    if (known !== undefined) return { id: known, setCookie: undefined };
    const id = randomBytes(16).toString("base64url");
    return { id, setCookie: `${COOKIE}=${id}; Path=/iam/home; HttpOnly; SameSite=Lax` };
  }

  tokenFor(visitor: string, requestId: string): string {
    return createHmac("sha256", this.key).update(`${visitor} ${requestId}`).digest("base64url");
  }

  isGood(token: string, visitor: string, requestId: string): boolean {
    const [given, good] = [Buffer.from(token), Buffer.from(this.tokenFor(visitor, requestId))];
    return given.length === good.length && timingSafeEqual(given, good);
  }
}

/** Whether a request was addressed to this machine: a name that another site points here is not ours. */
export const isAddressedToUs = (request: WireRequest): boolean => LOOPBACK.test(header(request, "host"));

/** Whether a post comes from a page of ours. Every browser says where its posts come from; who says nothing is no browser. */
export function isFromUs(request: WireRequest): boolean {
  const site = request.headers["sec-fetch-site"];
  return (
    header(request, "origin") === `http://${header(request, "host")}` &&
    (site === undefined || site === "same-origin")
  );
}

function header(request: WireRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}
