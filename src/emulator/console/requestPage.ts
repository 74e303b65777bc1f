import { administratorOf } from "../caller";
import { accessEnd, type DelegationRequest, flatten } from "../iam/delegationRequest";
import { whyNotRevocable } from "../iam/revocation";
import { type Action, exampleAccount, type Form } from "./actions";
import { type Html, html } from "./html";
import { delegationRequestPath } from "./links";
import { type Page, versionOf } from "./page";
import { undoOf } from "./undo";
import { alert, duration, link, type Problem, REMAINING_STATES, STATE_DESCRIPTIONS, time } from "./wording";

export interface RequestView {
  readonly request: DelegationRequest;
  /** The CSRF token of its forms. */
  readonly token: string;
  readonly now: Date;
  /** The emulator's own address, for commands. */
  readonly endpoint: string;
  /** The page reloads itself without a script, and has no forms, whose input a reload would lose. */
  readonly watching: boolean;
  readonly problem?: Problem;
  /** The submitted form, when there is a problem with it. */
  readonly form?: Form;
}

/** A delegation request as the customer sees it, with forms for the possible actions. */
export function requestPage(view: RequestView): Page {
  const { request, problem, watching } = view;
  const { state } = request;
  return {
    status: problem?.status ?? (state === "EXPIRED" ? 410 : 200),
    title: `${problem ? `${problem.title} – ` : ""}${state} – Temporary delegation request`,
    body: html`
${alert(problem)}
<h1 tabindex="-1">Temporary delegation request</h1>
${stateOf(view)}
<div class="columns asked">
${questionOf(request)}
<div class="aside">
${watching ? watchingNotice(request) : decisionOf(view)}
</div>
<div class="rest">
${permissionsOf(request)}
${detailsOf(request)}
${historyOf(request, watching)}
</div>
</div>`,
    ...(watching
      ? { reloadSeconds: 3 }
      : {
          live: {
            version: versionOf([flatten(request), requestorMayRead(request), newsOf(view)]),
            news: newsOf(view),
          },
        }),
  };
}

const requestorMayRead = ({ readableBy, requestorId }: DelegationRequest): boolean =>
  readableBy.has(requestorId);

/** How the access of a FINALIZED request ends, or has ended. */
function endOfAccess({ request, now }: RequestView): Html {
  const { revocation } = request;
  if (revocation)
    return html`The access was revoked ${time(revocation.at)} by <code>${revocation.by}</code>.`;
  const end = accessEnd(request);
  return html`The access ${now < end ? "ends" : "ended"} ${time(end)}.`;
}

function newsOf({ request, now }: RequestView): string {
  if (request.revocation) return "The access was revoked.";
  if (request.state === "FINALIZED" && now >= accessEnd(request)) return "The access has ended.";
  return `The request is now ${request.state}.`;
}

function stateOf(view: RequestView): Html {
  const { request } = view;
  const { state, rejectionReason } = request;
  const look = { FINALIZED: "good", ACCEPTED: "good", REJECTED: "bad", EXPIRED: "bad" }[String(state)] ?? "";
  const { ExpirationTime } = flatten(request);
  const ends = {
    FINALIZED: html`<p class="soft">${endOfAccess(view)}</p>`,
    REJECTED: rejectionReason && html`<p class="said">“${rejectionReason}”</p>`,
    EXPIRED: undefined,
  };
  return html`<section class="card state" aria-label="State">
<p class="badge ${look}">${state}</p>
<p>${STATE_DESCRIPTIONS[state]}</p>
${state in ends ? ends[state as keyof typeof ends] : html`<p class="soft">Expires ${time(ExpirationTime)} if nobody acts.</p>`}
</section>`;
}

type Rows = readonly (readonly [term: string, details: Html | string | false | undefined])[];

const rowsOf = (rows: Rows): Html => html`<dl>
${rows.map(([term, details]) => details && html`<div><dt>${term}</dt><dd dir="auto">${details}</dd></div>`)}
</dl>`;

/** What somebody must know who decides. */
function questionOf(request: DelegationRequest): Html {
  const details = flatten(request);
  return html`<section class="card" aria-labelledby="ask"><h2 id="ask">Who asks for what</h2>${rowsOf([
    ["Requestor", html`${details.RequestorName}, account <code>${details.RequestorId}</code>`],
    [
      "Access to",
      details.OwnerAccountId
        ? html`account <code>${details.OwnerAccountId}</code>`
        : "the account that claims the request",
    ],
    ["Duration", `${duration(details.SessionDuration)} from when the token is sent`],
    ["Description", html`<span class="said">${details.Description}</span>`],
    ["Message", details.RequestMessage && html`<span class="said">${details.RequestMessage}</span>`],
    ["Permissions", html`<a href="#permissions">of this policy template</a>`],
    ["Who may send the token", senderOf(request)],
    ["Forwarded with the note", details.Notes && html`<span class="said">${details.Notes}</span>`],
  ])}</section>`;
}

/** What `OnlySendByOwner` means for the request. */
const senderOf = ({ onlySendByOwner, ownerId }: DelegationRequest): Html =>
  onlySendByOwner
    ? html`Only the owner, ${ownerId === undefined ? "which is who claims the request" : html`<code>${ownerId}</code>`}: the requestor has set <code>OnlySendByOwner</code>. Somebody else to whom the request is forwarded can accept it, and the owner sends the token.`
    : html`The owner, and everybody else in the account who is allowed <code>iam:SendDelegationToken</code>.`;

function detailsOf(request: DelegationRequest): Html {
  const details = flatten(request);
  return html`<section class="card" aria-labelledby="details"><h2 id="details">Details</h2>${rowsOf([
    ["Request ID", html`<code>${details.DelegationRequestId}</code>`],
    ["Owner", details.OwnerId && html`<code>${details.OwnerId}</code>`],
    [
      "Approver, as whom the requestor will act",
      details.ApproverId && html`<code>${details.ApproverId}</code>`,
    ],
    ["The requestor may read this request", details.OwnerId && (requestorMayRead(request) ? "yes" : "no")],
    ["Afterwards, back to", details.RedirectUrl && link(details.RedirectUrl)],
  ])}</section>`;
}

function permissionsOf(request: DelegationRequest): Html {
  const { Permissions, PermissionPolicy } = flatten(request);
  const parameters = Permissions.Parameters ?? [];
  return html`<section class="card" aria-labelledby="permissions"><h2 id="permissions">Permissions</h2>
<dl><div><dt>Policy template</dt><dd><code>${Permissions.PolicyTemplateArn}</code></dd></div></dl>
${
  parameters.length > 0 &&
  html`<table><caption>What the template is filled with</caption>
<thead><tr><th scope="col">Parameter</th><th scope="col">Value</th></tr></thead>
<tbody>${parameters.map(({ Name, Values = [] }) => html`<tr><th scope="row">${Name}</th><td>${valuesOf(Values)}</td></tr>`)}</tbody></table>`
}
<h3 id="policy">Rendered policy</h3>
<p class="hint">AWS shows the template’s own text here. The emulator has no templates, and merely names this one and its parameters.</p>
<pre tabindex="0" role="region" aria-labelledby="policy">${JSON.stringify(JSON.parse(PermissionPolicy), undefined, 2)}</pre>
</section>`;
}

const valuesOf = (values: readonly string[]): Html =>
  values.length === 1
    ? html`<code>${values[0]}</code>`
    : html`<ul>${values.map((value) => html`<li><code>${value}</code></li>`)}</ul>`;

function decisionOf(view: RequestView): Html {
  const { request, now, endpoint } = view;
  const forms = formsOf(view);
  return html`<section class="card" aria-labelledby="decision"><h2 id="decision">Your decision</h2>
${forms.length === 0 && html`<p>There is nothing to decide any more.</p>${request.redirectUrl && html`<p>Back to the requestor: ${link(request.redirectUrl)}</p>`}`}
${
  forms.length > 0 &&
  request.ownerAccountId &&
  html`<p class="soft">You act as the role Administrator of account <code>${request.ownerAccountId}</code>.</p>`
}
${forms}
<h3>What can be undone</h3>
${undoOf(request, now, endpoint)}
</section>`;
}

function formsOf(view: RequestView): Html[] {
  switch (view.request.state) {
    case "UNASSIGNED":
      return [claimForm(view)];
    case "ASSIGNED":
    case "PENDING_APPROVAL":
      return [acceptForm(view), forwardForm(view), rejectForm(view)];
    case "ACCEPTED":
      return [sendForm(view), rejectForm(view)];
    case "FINALIZED":
      return whyNotRevocable(view.request, view.now) === undefined ? [revokeForm(view)] : [];
    default:
      return [];
  }
}

const claimForm = (view: RequestView): Html =>
  form(
    view,
    "claim",
    html`<p>Claiming makes you the owner of the request. You decide after that.</p>
${view.request.ownerAccountId === undefined && accountField(view)}
${keepReadingField(view)}
<button>Claim the request</button>`,
  );

const accountField = ({ request, form }: RequestView): Html => html`<label for="account">Your account</label>
<input type="text" id="account" name="account" value="${form?.account || exampleAccount(request)}" required
 inputmode="numeric" pattern="[0-9]{12}" maxlength="12" autocomplete="off" spellcheck="false" aria-describedby="account-hint">
<p class="hint" id="account-hint">12 digits, any that you like: the request names no account. You act as its role Administrator.</p>`;

const acceptForm = (view: RequestView): Html =>
  form(
    view,
    "accept",
    html`<p>Accepting makes you the approver: the requestor will act as you.</p>
${keepReadingField(view)}
<button>Accept</button>`,
  );

function keepReadingField({ request, form }: RequestView): Html {
  const checked = form?.keepReading ?? requestorMayRead(request);
  return html`<div class="check"><input type="checkbox" id="keep-reading" name="keepReading" aria-describedby="keep-reading-hint"${checked && html` checked`}>
<label for="keep-reading">Let the requestor keep reading this request</label></div>
<p class="hint" id="keep-reading-hint">Stands for an IAM policy of yours that grants account ${request.requestorId} iam:GetDelegationRequest. Without it, only notifications tell the requestor what becomes of the request.</p>`;
}

function forwardForm(view: RequestView): Html {
  const again = view.request.state === "PENDING_APPROVAL";
  return disclosure(
    view,
    "forward",
    again ? "Change the note" : "Forward to somebody with more permissions",
    html`${notesField(view, "forward", "Note to who decides (optional)", view.request.notes)}
<button class="second">${again ? "Save the note" : "Forward"}</button>`,
  );
}

const rejectForm = (view: RequestView): Html =>
  disclosure(
    view,
    "reject",
    "Reject",
    html`${notesField(view, "reject", "Reason (optional)")}
<button class="danger">Reject the request</button>`,
  );

function sendForm(view: RequestView): Html {
  const { request } = view;
  const owner = request.ownerId ?? "";
  if (request.onlySendByOwner && owner !== administratorOf(request.ownerAccountId ?? "").arn) {
    return html`<p>The requestor wants only the owner to send the token, and that is <code>${owner}</code>: use the AWS CLI or an SDK with its credentials.</p>`;
  }
  return form(
    view,
    "send",
    html`<p>Sending the token starts the access, which then lasts ${duration(request.sessionDuration)}. The token goes to the requestor alone; nobody sees it here.</p>
<button>Send the token</button>`,
  );
}

function revokeForm(view: RequestView): Html {
  return disclosure(
    view,
    "revoke",
    "Revoke the access",
    html`<p>Revoking ends the access at once and interrupts what the requestor is doing with it. It cannot be undone.</p>
<button class="danger">Revoke access</button>`,
  );
}

function notesField({ form }: RequestView, action: Action, label: string, saved = ""): Html {
  const text = form?.action === action ? form.notes : saved;
  return html`<label for="${action}-notes">${label}</label>
<textarea id="${action}-notes" name="notes" rows="3" maxlength="500" aria-describedby="${action}-notes-hint">
${text}</textarea>
<p class="hint" id="${action}-notes-hint">At most 500 characters of Latin-1, as in AWS: no emoji, no arrows, no curly quotes.</p>`;
}

/** A form that is collapsed, since it is not the usual next step, unless it was just submitted. */
const disclosure = (view: RequestView, action: Action, title: string, fields: Html): Html =>
  html`<details${view.form?.action === action && html` open`}><summary>${title}</summary>${form(view, action, fields)}</details>`;

const form = ({ request, token }: RequestView, action: Action, fields: Html): Html =>
  html`<form method="post" action="${delegationRequestPath(request.id)}" autocomplete="off">
<input type="hidden" name="action" value="${action}"><input type="hidden" name="token" value="${token}">
${fields}</form>`;

const watchingNotice = ({ id }: DelegationRequest): Html =>
  html`<section class="card" aria-label="Watching"><p>This page reloads every 3 seconds. <a href="${delegationRequestPath(id)}">Stop that, and decide</a></p></section>`;

function historyOf({ history, state }: DelegationRequest, watching: boolean): Html {
  return html`<section class="card" aria-labelledby="history"><h2 id="history">History</h2>
${!watching && html`<noscript><p><a href="?watch">Watch it</a> on a page that reloads every 3 seconds.</p></noscript>`}
<ol class="history">
${history.map(
  ({ state: reached, at, by }, index) =>
    html`<li${index === history.length - 1 && html` aria-current="step"`}><strong>${reached}</strong>${index === history.length - 1 && " – now"}<p>${time(at)}</p><p>${by === undefined ? "by itself" : html`by <code>${by}</code>`}</p></li>`,
)}
${REMAINING_STATES[state].map((next) => html`<li class="to-come">${next} – to come</li>`)}
</ol></section>`;
}
