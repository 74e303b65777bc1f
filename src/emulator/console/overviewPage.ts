import type { Cloud } from "../cloud";
import { type DelegationRequest, expirationTime } from "../iam/delegationRequest";
import type { ApprovalTeam } from "../mpa/approvalTeam";
import { invitedTo, votersOf } from "../mpa/people";
import type { Session } from "../mpa/session";
import type { MpaStore } from "../mpa/store";
import { type Html, html } from "./html";
import { approvalPortalPath, delegationRequestPath } from "./links";
import { type Page, versionOf } from "./page";
import { duration, REMAINING_STATES, time } from "./wording";

/** The decided things that are shown, of all that there are. */
const MAX_DECIDED = 10;
const MAX_LINK_LENGTH = 120;

/** What waits for a decision, by account, and what was decided lately. */
export function overviewPage({ iam, mpa, endpoint }: Cloud): Page {
  const requests = [...iam.delegationRequests.values()].filter(isPending);
  const teams = [...mpa.approvalTeams.values()].filter((team) => invitedTo(team).length > 0);
  const sessions = [...mpa.sessions.values()].filter(({ status }) => status === "PENDING");
  const count = requests.length + teams.length + sessions.length;
  const title = `${count === 0 ? "No" : count} pending decision${count === 1 ? "" : "s"}`;
  const body = html`
<h1 tabindex="-1">Pending decisions</h1>
<div class="columns">
<section class="card" aria-labelledby="requests"><h2 id="requests">Temporary delegation requests</h2>
${requests.length === 0 && html`<p>No request waits for a decision. One appears here when a program creates it, with <code>iam.DelegationRequest</code> or <code>iam:CreateDelegationRequest</code>, on this endpoint.</p>`}
${requestsByAccount(requests)}
</section>
<section class="card" aria-labelledby="approvals"><h2 id="approvals">Multi-party approval</h2>
${teams.length + sessions.length === 0 && html`<p>No invitation and no vote waits for an answer. Invitations appear here when a program creates an approval team, with <code>mpa.ApprovalTeam</code> or <code>mpa:CreateApprovalTeam</code>; votes when somebody changes or deletes an active team, or asks for an operation that it protects.</p>`}
${approvalsByAccount(teams, sessions, mpa)}
</section>
<section class="card" aria-labelledby="decided"><h2 id="decided">Decided lately</h2>
${decidedIn(iam.delegationRequests, mpa)}
</section>
<p class="soft">AWS clients use this address as <code>AWS_ENDPOINT_URL=${endpoint}</code>.</p>
</div>`;
  return { status: 200, title, body, live: { version: versionOf(body.text), news: `${title}.` } };
}

const isPending = ({ state }: DelegationRequest): boolean => REMAINING_STATES[state].length > 0;

const requestsByAccount = (requests: readonly DelegationRequest[]): Html[] =>
  byAccount(requests, ({ ownerAccountId }) => ownerAccountId).map(
    ([
      account,
      asked,
    ]) => html`<h3>${account === undefined ? "For any account that claims it" : html`Account <code>${account}</code>`}</h3>
<ul class="list">${asked.map(
      (request) => html`<li><p>${requestLink(request)}</p>
<p class="soft"><strong>${request.state}</strong>, asked by account <code>${request.requestorId}</code> for ${duration(request.sessionDuration)}. Expires ${time(expirationTime(request))}.</p></li>`,
    )}</ul>`,
  );

function approvalsByAccount(
  teams: readonly ApprovalTeam[],
  sessions: readonly Session[],
  mpa: MpaStore,
): Html[] {
  const items = [
    ...teams.map((team) => ({ account: team.account, item: invitationsOf(team) })),
    ...sessions.map((session) => ({ account: session.team.account, item: votesOf(session) })),
  ];
  return byAccount(items, ({ account }) => account).map(
    ([account = "", waiting]) => html`<h3>Account <code>${account}</code></h3>
${mpa.identitySources.has(account) && html`<p>${portalLink(account)}</p>`}
<ul class="list">${waiting.map(({ item }) => html`<li>${item}</li>`)}</ul>`,
  );
}

const invitationsOf = (team: ApprovalTeam): Html => html`<p>Invitation to the team <bdi>${team.name}</bdi></p>
<p class="soft">No answer yet from ${peopleIn(invitedTo(team))}. ${team.due && html`Ends ${time(team.due.at)}.`}</p>`;

const votesOf = (session: Session): Html => html`<p><bdi>${session.description}</bdi></p>
<p class="soft">The team <bdi>${session.team.name}</bdi> votes on <code>${session.actionName}</code>. No vote yet from ${peopleIn(votersOf(session))}. Ends ${time(session.expirationTime)}.</p>`;

const peopleIn = (people: readonly string[]): Html[] =>
  people.map((person, index) => html`${index > 0 && ", "}<bdi>${person}</bdi>`);

function decidedIn(requests: ReadonlyMap<string, DelegationRequest>, mpa: MpaStore): Html {
  const ended = [...mpa.sessions.values()].flatMap((session) => {
    const { completionTime: at, team, description, status, statusCode } = session;
    const portal = mpa.identitySources.has(team.account) && html` – ${portalLink(team.account)}`;
    const item = html`<p><bdi>${description}</bdi></p><p class="soft"><strong>${status}</strong>${statusCode && ` (${statusCode})`}${at && html` ${time(at)}`}${portal}</p>`;
    return at === undefined ? [] : [{ at, item }];
  });
  const answered = [...requests.values()]
    .filter((request) => !isPending(request))
    .map((request) => {
      const at = request.revocation?.at ?? request.stateSince;
      const item = html`<p>${requestLink(request)}</p><p class="soft"><strong>${request.state}</strong>${request.revocation && ", then revoked"} ${time(at)}</p>`;
      return { at, item };
    });
  const latest = [...answered, ...ended].sort((a, b) => b.at.getTime() - a.at.getTime());
  if (latest.length === 0) return html`<p>Nothing yet.</p>`;
  return html`<ul class="list">${latest.slice(0, MAX_DECIDED).map(({ item }) => html`<li>${item}</li>`)}</ul>`;
}

function requestLink({ id, description }: DelegationRequest): Html {
  const text = description.trim() || id;
  const shown = text.length > MAX_LINK_LENGTH ? `${text.slice(0, MAX_LINK_LENGTH)}…` : text;
  return html`<a href="${delegationRequestPath(id)}"><bdi>${shown}</bdi></a>`;
}

const portalLink = (account: string): Html =>
  html`<a href="${approvalPortalPath(account)}">Approval portal of ${account}</a>`;

/** In the order of the first of each account. */
function byAccount<T>(
  items: readonly T[],
  accountOf: (item: T) => string | undefined,
): readonly (readonly [account: string | undefined, items: readonly T[]])[] {
  const groups = new Map<string | undefined, T[]>();
  for (const item of items) groups.set(accountOf(item), [...(groups.get(accountOf(item)) ?? []), item]);
  return [...groups];
}
