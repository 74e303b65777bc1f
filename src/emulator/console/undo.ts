import { accessEnd, type DelegationRequest, expirationTime } from "../iam/delegationRequest";
import { whyNotRevocable } from "../iam/revocation";
import { type Html, html } from "./html";
import { awsCommand, time } from "./wording";

/**
 * What of the decisions about a delegation request can be undone, and how. From the documentation of IAM's operations and
 * "Revoke Temporary delegation access" of its user guide.
 */
export function undoOf(request: DelegationRequest, now: Date, endpoint: string): Html {
  switch (request.state) {
    case "UNASSIGNED":
      return html`<p>A claim cannot be undone: IAM has no operation that takes the owner away again. It gives no access, and a claimed request can be rejected.</p>`;
    case "ASSIGNED":
    case "PENDING_APPROVAL":
      return html`<p>Accepting can be undone until the token is sent, by rejecting. Rejecting cannot be undone.</p>`;
    case "ACCEPTED":
      return html`<p>The requestor has no access yet. Until the token is sent, the request can be rejected: with the form above, or with the AWS CLI. If nobody sends the token, the request expires ${time(expirationTime(request))}.</p>
${awsCommand(endpoint, request.ownerAccountId ?? "", `iam reject-delegation-request --delegation-request-id ${request.id}`)}`;
    case "FINALIZED":
      return undoOfAccess(request, now);
    case "REJECTED":
      return html`<p>Nothing. A rejected request can be neither accepted nor updated. ${ASK_AGAIN}</p>`;
    case "EXPIRED":
      return html`<p>Nothing. ${ASK_AGAIN}</p>`;
  }
}

const ASK_AGAIN = "For access after all, the requestor makes a new request.";

function undoOfAccess(request: DelegationRequest, now: Date): Html {
  const end = accessEnd(request);
  if (request.revocation !== undefined || now >= end) {
    return html`<p>The access is over. What the requestor changed with it stays as it is. ${ASK_AGAIN}</p>`;
  }
  const obstacle = whyNotRevocable(request, now);
  if (obstacle !== undefined) {
    return html`<p>${obstacle} It ends ${time(end)}.</p>`;
  }
  return html`<p>The token cannot be taken back, but the access can be revoked until it ends, ${time(end)}. What the requestor has changed by then stays as it is.</p>
<p>Here: with “Revoke the access”. In AWS: in the IAM console, under Temporary delegation requests, choose Actions, then Revoke access. AWS documents no API operation for it, so no command of the AWS CLI does it.</p>`;
}
