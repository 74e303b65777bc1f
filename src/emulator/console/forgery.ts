/** Protection from cross-site request forgery and DNS rebinding: the emulator asks for no password. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { HttpRequest } from "../protocols/protocol";

const COOKIE = "emulated-aws-browser";
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * CSRF tokens of forms. A token is valid for one run of the emulator, one browser (identified by a cookie that browsers
 * do not send with cross-site posts), and one delegation request or approval portal.
 */
export class FormTokens {
  private readonly key = randomBytes(32);

  /** The browser's id from its cookie, or a new one with the cookie to set. */
  browserOf(
    request: HttpRequest,
    path = "/iam/account-access-requests",
  ): { readonly id: string; readonly setCookie: string | undefined } {
    const known = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{22})(?:;|$)`).exec(header(request, "cookie"))?.[1];
    if (known !== undefined) return { id: known, setCookie: undefined };
    const id = randomBytes(16).toString("base64url");
    return { id, setCookie: `${COOKIE}=${id}; Path=${path}; HttpOnly; SameSite=Lax` };
  }

  tokenFor(browser: string, requestId: string): string {
    return createHmac("sha256", this.key).update(`${browser} ${requestId}`).digest("base64url");
  }

  isValid(token: string, browser: string, requestId: string): boolean {
    const [given, good] = [Buffer.from(token), Buffer.from(this.tokenFor(browser, requestId))];
    return given.length === good.length && timingSafeEqual(given, good);
  }
}

/** Whether `Host` is a loopback address. Another name may be one that a site resolves to this machine (DNS rebinding). */
export const hasLoopbackHost = (request: HttpRequest): boolean => LOOPBACK.test(header(request, "host"));

/** Whether a post comes from a page of the emulator. Every browser sends `Origin` with a post. */
export function isSameOrigin(request: HttpRequest): boolean {
  const site = request.headers["sec-fetch-site"];
  return (
    header(request, "origin") === `http://${header(request, "host")}` &&
    (site === undefined || site === "same-origin")
  );
}

function header(request: HttpRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}
