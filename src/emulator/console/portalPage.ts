import type { Cloud } from "../cloud";
import { flatten, type IdentitySource } from "../mpa/identitySource";
import { type Html, html } from "./html";
import { type Page, versionOf } from "./page";
import { time } from "./wording";

/** The page of an identity source's approval portal. There is nothing to vote on yet: teams are not emulated. */
export function portalPage(source: IdentitySource, cloud: Cloud): Page {
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
    status: 200,
    title: `${status} – Approval portal of ${account}`,
    body: html`
<h1 tabindex="-1">Approval portal</h1>
<section class="card state" aria-label="Status">
<p class="badge ${look}">${status}</p>
<p>${{ CREATING: "The identity source is being connected.", ACTIVE: "The identity source is connected.", DELETING: "The identity source is being removed.", ERROR: "The identity source does not work." }[status]}</p>
${statusCode && html`<p><code>${statusCode}</code>: ${statusMessage}</p>`}
</section>
<div class="columns">
<div>
<section class="card" aria-labelledby="source"><h2 id="source">Identity source</h2><dl>
${rows.map(([term, details]) => html`<div><dt>${term}</dt><dd dir="auto">${details}</dd></div>`)}
</dl></section>
<section class="card" aria-labelledby="tags"><h2 id="tags">Tags</h2>${tagsOf(source)}</section>
</div>
<div>
<section class="card" aria-labelledby="votes"><h2 id="votes">Teams and votes</h2>
<p>In AWS, approvers vote here. The emulator has identity sources only: there are no approval teams, no sessions and nothing to vote on yet.</p></section>
</div>
</div>`,
    live: {
      version: versionOf([flatten(source, cloud.endpoint), [...source.tags]]),
      news: `The identity source is now ${status}.`,
    },
  };
}

const tagsOf = ({ tags }: IdentitySource): Html =>
  tags.size === 0
    ? html`<p>None.</p>`
    : html`<table><thead><tr><th scope="col">Key</th><th scope="col">Value</th></tr></thead>
<tbody>${[...tags].map(([key, value]) => html`<tr><th scope="row"><bdi>${key}</bdi></th><td><bdi>${value}</bdi></td></tr>`)}</tbody></table>`;
