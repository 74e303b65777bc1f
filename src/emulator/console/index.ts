/**
 * The pages behind a delegation request's ConsoleDeepLink and an identity source's ApprovalPortalUrl, with buttons for
 * what the customer does in the AWS console, and approvers in the portal; and a list of what waits for them. They work
 * without scripts; a script only keeps them up to date.
 */
import { administratorOf } from "../caller";
import type { Cloud } from "../cloud";
import { AwsError } from "../errors";
import type { DelegationRequest } from "../iam/delegationRequest";
import { revokeAccess } from "../iam/revocation";
import type { IdentitySource } from "../mpa/identitySource";
import { type HttpRequest, type HttpResponse, mediaType } from "../protocols/protocol";
import { type Form, isAction, OPERATIONS, type Operation, readForm } from "./actions";
import { FormTokens, hasLoopbackHost, isSameOrigin } from "./forgery";
import { type ApiCall, type ApiError, errorIn, iamRequest } from "./iamCall";
import { type ConsolePage, delegationRequestPath, PORTAL_PATH } from "./links";
import { overviewPage } from "./overviewPage";
import { answerWith, errorPage, type Page } from "./page";
import { answerAs, readPortalForm } from "./portalActions";
import { portalPage } from "./portalPage";
import { requestPage } from "./requestPage";
import type { Problem } from "./wording";

export class Console {
  private readonly tokens = new FormTokens();

  constructor(
    private readonly cloud: Cloud,
    private readonly api: ApiCall,
  ) {}

  /** Answers a browser. Undefined when an interceptor drops the connection. Never rejects. */
  async answer(
    request: HttpRequest,
    page: ConsolePage,
    abortSignal: AbortSignal,
  ): Promise<HttpResponse | undefined> {
    try {
      return await this.pageFor(request, page, abortSignal);
    } catch (error) {
      this.cloud.logFailure(error);
      return answerWith(BROKEN);
    }
  }

  private async pageFor(
    request: HttpRequest,
    page: ConsolePage,
    abortSignal: AbortSignal,
  ): Promise<HttpResponse | undefined> {
    this.cloud.applyDueTransitions();
    if (!hasLoopbackHost(request)) return answerWith(NOT_OURS);
    if (page.kind === "moved") return answerWith(MOVED, { location: locationOf(page.id, request) });
    const reading = request.method === "GET" || request.method === "HEAD";
    if (page.kind === "overview") return answerWith(overviewPage(this.cloud));
    if (page.kind === "delegation-request") {
      const found = this.cloud.iam.delegationRequests.get(page.id);
      if (found === undefined) return answerWith(noSuchRequest(page.id));
      if (reading) return this.show(request, found, {});
      if (request.method === "POST") return this.decide(request, found, abortSignal);
    } else if (page.kind === "approval-portal") {
      const source = this.cloud.mpa.identitySources.get(page.account);
      if (source === undefined) return answerWith(noSuchPortal(page.account));
      if (reading) return this.showPortal(request, source);
      if (request.method === "POST") return this.vote(request, source);
    } else if (reading) {
      return answerWith(NO_SUCH_PAGE);
    }
    const allow = page.kind === "not-found" ? "GET, HEAD" : "GET, HEAD, POST";
    return answerWith(errorPage(405, "Method not allowed", `This page takes ${allow}.`), { allow });
  }

  private showPortal(request: HttpRequest, source: IdentitySource, problem?: Problem): HttpResponse {
    const { id, setCookie } = this.tokens.browserOf(request, PORTAL_PATH);
    const token = this.tokens.tokenFor(id, source.arn);
    const page = portalPage({ source, cloud: this.cloud, token, problem });
    return answerWith(page, setCookie === undefined ? {} : { "set-cookie": setCookie });
  }

  /** What an approver does: AWS has no API for it. */
  private vote(request: HttpRequest, source: IdentitySource): HttpResponse {
    const refusal = refusalOf(request);
    if (refusal !== undefined) return answerWith(refusal);
    const { token, ...form } = readPortalForm(request.body);
    const browser = this.tokens.browserOf(request).id;
    if (!this.tokens.isValid(token, browser, source.arn)) return this.showPortal(request, source, STALE_FORM);
    try {
      answerAs(form, source.account, this.cloud);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const text = `${error.message}.`;
      return this.showPortal(request, source, { status: 409, title: "Nothing was done", text });
    }
    return answerWith(SEE_OTHER, { location: request.path });
  }

  private show(
    request: HttpRequest,
    shown: DelegationRequest,
    outcome: { problem?: Problem; form?: Form },
  ): HttpResponse {
    const { id, setCookie } = this.tokens.browserOf(request);
    const page = requestPage({
      request: shown,
      token: this.tokens.tokenFor(id, shown.id),
      now: this.cloud.clock.now(),
      endpoint: this.cloud.endpoint,
      watching: request.method !== "POST" && request.query.has("watch"),
      ...outcome,
    });
    return answerWith(page, setCookie === undefined ? {} : { "set-cookie": setCookie });
  }

  private async decide(
    request: HttpRequest,
    decided: DelegationRequest,
    abortSignal: AbortSignal,
  ): Promise<HttpResponse | undefined> {
    const refusal = refusalOf(request);
    if (refusal !== undefined) return answerWith(refusal);
    const form = readForm(request.body);
    const browser = this.tokens.browserOf(request).id;
    if (!this.tokens.isValid(form.token, browser, decided.id)) {
      return this.show(request, decided, { problem: STALE_FORM, form });
    }
    const { action } = form;
    if (!isAction(action)) return this.show(request, decided, { problem: UNKNOWN_ACTION });
    const account = decided.ownerAccountId ?? form.account;
    if (!/^\d{12}$/.test(account)) return this.show(request, decided, { problem: NO_ACCOUNT, form });

    if (action === "revoke") return this.revoke(request, decided, account);
    const answer = await this.api(iamRequest(account, parametersOf(action, decided, form)), abortSignal);
    if (answer === undefined) return undefined;
    const apiError = errorIn(answer);
    if (apiError !== undefined) {
      return this.show(request, decided, { problem: problemOf(apiError, decided), form });
    }
    if (action === "claim" || action === "accept") grantReading(decided, form.keepReading);
    return answerWith(SEE_OTHER, { location: delegationRequestPath(decided.id) });
  }

  private revoke(request: HttpRequest, decided: DelegationRequest, account: string): HttpResponse {
    try {
      revokeAccess(decided, administratorOf(account), this.cloud.clock.now());
      return answerWith(SEE_OTHER, { location: delegationRequestPath(decided.id) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return this.show(request, decided, { problem: problemOf(error, decided) });
    }
  }
}

/** Why a post is not looked at. */
function refusalOf(request: HttpRequest): Page | undefined {
  if (!isSameOrigin(request)) return FOREIGN;
  if (request.tooLarge) return TOO_LARGE;
  return mediaType(request) === "application/x-www-form-urlencoded" ? undefined : NOT_A_FORM;
}

function locationOf(id: string, { query }: HttpRequest): string {
  return `${delegationRequestPath(id)}${query.size === 0 ? "" : `?${query}`}`;
}

function parametersOf(action: Operation, { id }: DelegationRequest, { notes }: Form): Record<string, string> {
  const takesNotes = action === "forward" || action === "reject";
  return {
    Action: OPERATIONS[action],
    DelegationRequestId: id,
    ...(takesNotes && notes !== "" && { Notes: notes }),
  };
}

/** In AWS the owner would do this with an IAM policy. */
function grantReading({ readableBy, requestorId }: DelegationRequest, granted: boolean): void {
  if (granted) readableBy.add(requestorId);
  else readableBy.delete(requestorId);
}

/** IAM answers 400 when a request's state forbids the operation. HTTP's own statuses for that are 409 and 410. */
function problemOf({ status, code, message }: ApiError, { state }: DelegationRequest): Problem {
  const byState = state === "EXPIRED" ? 410 : 409;
  return {
    status: code === "InvalidInput" ? byState : status,
    title: "Nothing was done",
    text: `IAM answers ${code}: ${message}`,
  };
}

const STALE_FORM: Problem = {
  status: 403,
  title: "Nothing was done: the form is no longer valid",
  text: "It is from before the emulator was started, or from another browser, or the browser keeps no cookies. Look at this page again, and decide again.",
};
const UNKNOWN_ACTION: Problem = {
  status: 400,
  title: "Nothing was done",
  text: "The form names an unknown action.",
};
const NO_ACCOUNT: Problem = {
  status: 400,
  title: "Nothing was done: which account?",
  text: "An AWS account is 12 digits.",
};

const FOREIGN = errorPage(
  403,
  "Not from here",
  "The form came from another site, or did not say where it came from. Nothing was done.",
);
const NOT_OURS = errorPage(
  421,
  "Not addressed to this emulator",
  "The pages of the emulator are at 127.0.0.1 and localhost only.",
);
const TOO_LARGE = errorPage(
  413,
  "Too large",
  "The form is larger than any that the emulator makes. Nothing was done.",
);
const NOT_A_FORM = errorPage(415, "Not a form", "Send application/x-www-form-urlencoded. Nothing was done.");
const BROKEN = errorPage(500, "The emulator failed", "This is a defect of the emulator; its log says where.");
const MOVED = errorPage(308, "Moved", "The request is at another address.");
const SEE_OTHER = errorPage(303, "Done", "See the request.");

const NO_SUCH_PAGE = errorPage(
  404,
  "No such page",
  "The emulator has pages for delegation requests and approval portals. AWS clients reach its APIs with signed calls.",
);
const noSuchPortal = (account: string): Page =>
  errorPage(404, "No identity source", `Account ${account} has no identity source, or not any more.`);

const noSuchRequest = (id: string): Page =>
  errorPage(
    404,
    "No such delegation request",
    `The emulator has no delegation request ${id}. It may have expired and been deleted, or the emulator was restarted: it keeps everything in memory.`,
  );
