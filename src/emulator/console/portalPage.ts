import type { Cloud } from "../cloud";
import { type ApprovalTeam, flattenTeam } from "../mpa/approvalTeam";
import { flatten, type IdentitySource } from "../mpa/identitySource";
import { invitedTo, votersOf } from "../mpa/people";
import { flattenSession, type Session } from "../mpa/session";
import { type Html, html } from "./html";
import { type Page, versionOf } from "./page";
import { alert, awsCommand, type Problem, time } from "./wording";

/** The ended sessions that are shown, of all that there are. */
const MAX_ENDED = 5;

export interface PortalView {
  readonly source: IdentitySource;
  readonly cloud: Cloud;
  /** The CSRF token of its forms. */
  readonly token: string;
  readonly problem: Problem | undefined;
}

/** The approval portal of an identity source, where its people accept invitations and vote. */
export function portalPage(view: PortalView): Page {
  const { source, cloud, problem } = view;
  const teams = cloud.mpa.teamsOf(source.account);
  const sessions = [...cloud.mpa.sessions.values()].filter(({ team }) => team.account === source.account);
  const waiting = sessions.filter(({ status }) => status === "PENDING");
  const ended = sessions
    .filter(({ status }) => status !== "PENDING")
    .slice(-MAX_ENDED)
    .reverse();
  const { account, arn, status, statusCode, statusMessage, instanceArn, instanceRegion, creationTime } =
    source;
  const look = { ACTIVE: "good", ERROR: "bad" }[String(status)] ?? "";
  const rows: readonly (readonly [term: string, details: Html | string])[] = [
    ["Account", html`<code>${account}</code>`],
    ["Identity source", html`<code>${arn}</code>`],
    ["IAM Identity Center instance", html`<code>${instanceArn}</code>`],
    ["Region of the instance", html`<code>${instanceRegion}</code>`],
    ["Created", time(creationTime)],
  ];
  return {
    status: problem?.status ?? 200,
    title: `${problem ? `${problem.title} – ` : ""}${status} – Approval portal of ${account}`,
    body: html`
${alert(problem)}
<h1 tabindex="-1">Approval portal</h1>
<section class="card state" aria-label="Status">
<p class="badge ${look}">${status}</p>
<p>${{ CREATING: "The identity source is being connected.", ACTIVE: "The identity source is connected.", DELETING: "The identity source is being removed.", ERROR: "The identity source does not work." }[status]}</p>
${statusCode && html`<p><code>${statusCode}</code>: ${statusMessage}</p>`}
</section>
<div class="columns">
<div>
<section class="card" aria-labelledby="votes"><h2 id="votes">Waiting for votes</h2>
${waiting.length === 0 ? html`<p>No session waits for votes.</p>` : html`<p>A vote cannot be changed: AWS’s guide names no way, and the emulator has none.</p>`}
${waiting.map((session) => sessionOf(session, view))}
</section>
<section class="card" aria-labelledby="teams"><h2 id="teams">Teams</h2>
${teams.some((team) => invitedTo(team).length > 0) && html`<p>An answer to an invitation cannot be changed: AWS’s guide names no way, and the emulator has none. If one approver rejects, the new team, or the change of the team, fails.</p>`}
${teams.length === 0 ? html`<p>There is no approval team yet.</p>` : teams.map((team) => teamOf(team, view))}
</section>
${ended.length > 0 && html`<section class="card" aria-labelledby="ended"><h2 id="ended">Decided lately</h2>${ended.map(endedSession)}</section>`}
</div>
<div>
<section class="card" aria-labelledby="source"><h2 id="source">Identity source</h2><dl>
${rows.map(([term, details]) => html`<div><dt>${term}</dt><dd dir="auto">${details}</dd></div>`)}
</dl></section>
<section class="card" aria-labelledby="tags"><h2 id="tags">Tags</h2>${tagsOf(source)}</section>
</div>
</div>`,
    live: {
      version: versionOf([
        flatten(source, cloud.endpoint),
        [...source.tags],
        teams.map(flattenTeam),
        sessions.map(flattenSession),
      ]),
      news: `The identity source is now ${status}; ${teams.length} teams, ${waiting.length} sessions that wait for votes.`,
    },
  };
}

function sessionOf(session: Session, view: PortalView): Html {
  const { arn, description, minApprovals, votes, expirationTime, comment, cancellable, team } = session;
  const approved = votes.filter(({ response }) => response === "APPROVED").length;
  return html`<h3>${description}</h3>
<p>${approved} of ${minApprovals} approvals. Ends ${time(expirationTime)}; no answer by then counts as no.</p>
${comment !== undefined && html`<p class="said" dir="auto">“${comment}”</p>`}
<p class="soft">Requested by <code>${session.requesterArn}</code>, ${time(session.initiationTime)}: <code>${session.actionName}</code>.</p>
${peopleOf(
  votes.map(({ identityId, response }) => ({ person: identityId, state: response })),
  votersOf(session),
  { subject: arn, what: description, choices: VOTE, view },
)}
${
  cancellable
    ? html`<details><summary>Cancel this session</summary><p>While it waits for votes, an administrator of the account can cancel it. The team then stays as it is.</p>
${awsCommand(view.cloud.endpoint, team.account, `mpa cancel-session --session-arn ${arn}`)}</details>`
    : html`<p class="soft">A session of <code>${session.actionName}</code> cannot be cancelled.</p>`
}`;
}

const OUTCOMES: Readonly<Record<Session["status"], string>> = {
  PENDING: "",
  APPROVED: "The operation was carried out. The vote cannot be taken back.",
  FAILED: "The operation was not carried out. It can be requested again.",
  CANCELLED: "The operation was not carried out. It can be requested again.",
};

const endedSession = ({ description, status, statusCode, completionTime }: Session): Html =>
  html`<h3>${description}</h3>
<p><strong>${status}</strong>${statusCode && html` <code>${statusCode}</code>`}${completionTime && html` ${time(completionTime)}`}. ${OUTCOMES[status]}</p>`;

function teamOf(team: ApprovalTeam, view: PortalView): Html {
  const { arn, name, description, status, statusCode, statusMessage, minApprovals, approvers, draft } = team;
  const invited = invitedTo(team);
  const shown = statusCode === "UPDATE_PENDING_ACTIVATION" ? (draft?.approvers ?? approvers) : approvers;
  return html`<h3 dir="auto">${name}</h3>
<p><strong>${status}</strong>${statusCode && html` <code>${statusCode}</code>`}</p>
${statusMessage && html`<p>${statusMessage}</p>`}
<p class="said" dir="auto">${description}</p>
<p>It takes ${minApprovals} of ${approvers.length} approvers to approve. ${draft && `Pending update: ${draft.statusCode}.`}</p>
${peopleOf(
  shown.map(({ identityId, response }) => ({ person: identityId, state: response })),
  invited,
  { subject: arn, what: `the invitation to ${name}`, choices: INVITATION, view },
)}`;
}

type Choices = readonly { readonly action: string; readonly label: string; readonly look: string }[];
const INVITATION: Choices = [
  { action: "accept", label: "Accept", look: "second" },
  { action: "reject", label: "Reject", look: "danger" },
];
const VOTE: Choices = [
  { action: "approve", label: "Approve", look: "second" },
  { action: "disapprove", label: "Reject", look: "danger" },
];

/** The people of a team or session, with buttons for those who have something to decide. */
const peopleOf = (
  people: readonly { readonly person: string; readonly state: string }[],
  deciding: readonly string[],
  { subject, what, choices, view }: { subject: string; what: string; choices: Choices; view: PortalView },
): Html => html`<table><caption>Approvers</caption>
<thead><tr><th scope="col">Approver</th><th scope="col">Answer</th></tr></thead>
<tbody>${people.map(
  ({ person, state }) => html`<tr><th scope="row"><bdi>${person}</bdi></th><td>
${
  deciding.includes(person)
    ? html`<form method="post">
<input type="hidden" name="token" value="${view.token}">
<input type="hidden" name="subject" value="${subject}">
<input type="hidden" name="person" value="${person}">
${choices.map(({ action, label, look }) => html`<button class="${look}" name="action" value="${action}" aria-label="${label} ${what} as ${person}">${label}</button> `)}
</form>`
    : state
}</td></tr>`,
)}</tbody></table>`;

const tagsOf = ({ tags }: IdentitySource): Html =>
  tags.size === 0
    ? html`<p>None.</p>`
    : html`<table><thead><tr><th scope="col">Key</th><th scope="col">Value</th></tr></thead>
<tbody>${[...tags].map(([key, value]) => html`<tr><th scope="row"><bdi>${key}</bdi></th><td><bdi>${value}</bdi></td></tr>`)}</tbody></table>`;
