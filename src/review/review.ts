import { DELEGATION_REQUEST_STATES } from "../aws/delegationRequestState";
import { className } from "../declaration/properties";
import { resources } from "../resources";
import { nextAction as ofRestoreAccessVault } from "../resources/backup/restoreAccessVault/nextAction";
import { vaultBinding } from "../resources/backup/vaultApprovalTeam/lifecycle";
import { nextAction as ofVaultApprovalTeam } from "../resources/backup/vaultApprovalTeam/nextAction";
import { nextAction as ofRequest } from "../resources/iam/delegationRequest/nextAction";
import { nextAction as ofTeam } from "../resources/mpa/approvalTeam/nextAction";
import { nextAction as ofIdentitySource } from "../resources/mpa/identitySource/nextAction";
import type { NextAction } from "../resources/nextAction";
import { operationBinding } from "../resources/paymentcryptography/teamAssociation/lifecycle";
import { nextAction as ofTeamAssociation } from "../resources/paymentcryptography/teamAssociation/nextAction";
import { reviewApprovalTeam } from "./approvalTeam";
import { bindingReviewer } from "./binding";
import { quotedNames, type ResourceChange, type ResourceName, toChange } from "./change";
import { reviewDelegationGrant } from "./delegationGrant";
import { reviewDelegationRequest } from "./delegationRequest";
import { reviewIdentitySource } from "./identitySource";
import type { Entry, Review } from "./model";
import type { PlannedStep, Preview } from "./preview";
import { reviewRestoreAccessVault } from "./restoreAccessVault";
import type { Remark, Reviewed } from "./reviewer";
import { findingsOf, type Rule } from "./rules";
import { plain } from "./wording";

const REVIEWERS: Readonly<Record<ResourceName, (change: ResourceChange) => Reviewed>> = {
  delegationRequest: reviewDelegationRequest,
  identitySource: reviewIdentitySource,
  approvalTeam: reviewApprovalTeam,
  vaultApprovalTeam: bindingReviewer(vaultBinding),
  teamAssociation: bindingReviewer(operationBinding),
  delegationGrant: reviewDelegationGrant,
  restoreAccessVault: reviewRestoreAccessVault,
};

export interface ReviewOptions {
  rules?: readonly Rule[];
  now: Date;
  /** What waits for people and ends within this time expires soon. */
  soonMs?: number;
}

const TWO_DAYS_MS = 2 * 24 * 3_600_000;

/** What a deployment asks of whom, and what else becomes of approvals, by its preview. */
export function review(preview: Preview, { rules = [], now, soonMs = TWO_DAYS_MS }: ReviewOptions): Review {
  const result: Review = {
    ...{
      stack: preview.stack,
      errors: preview.errors.map(plain),
      access: [],
      votes: [],
      expiring: [],
      destroyed: [],
    },
    ...{ quiet: [], others: {}, findings: [] },
  };
  for (const step of inStableOrder(preview.steps)) {
    const change = toChange(step);
    if (change === undefined) {
      if (step.op !== "same" && !isInternal(step.type))
        result.others[step.op] = (result.others[step.op] ?? 0) + 1;
      continue;
    }
    const entry = entryOf(change);
    for (const [section, remark] of Object.entries(reviewed(change)) as [keyof Reviewed, Remark][])
      result[section].push(entry(remark));
    const expiry = expiryOf(change, now, soonMs);
    if (expiry) result.expiring.push(entry(expiry));
    result.findings.push(...findingsOf(change, rules));
  }
  return result;
}

/** Pulumi plans resources that do not depend on each other in another order each time. */
const inStableOrder = (steps: readonly PlannedStep[]): PlannedStep[] =>
  [...steps].sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));

/** Whether it says anything about approvals. */
export const isEmpty = ({ access, votes, expiring, destroyed, quiet, findings, errors }: Review): boolean =>
  [access, votes, expiring, destroyed, quiet, findings, errors].every(({ length }) => length === 0);

const isInternal = (type: string): boolean =>
  type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:");

function reviewed(change: ResourceChange): Reviewed {
  if (change.op === "same") return {};
  if (change.op === "forget")
    return { quiet: { text: "Nobody is asked. It is removed from the stack, but not deleted." } };
  if (change.op === "import")
    return { quiet: { text: "Nobody is asked. It is imported into the stack unchanged." } };
  const { quiet, ...sections } = REVIEWERS[change.resource](change);
  if (!quiet) return sections;
  const { op, changed } = change;
  const properties = op === "update" && changed.size > 0 ? ` (${quotedNames(changed)})` : "";
  return { ...sections, quiet: { ...quiet, text: `${DONE[op]}${properties}. ${quiet.text}` } };
}

const DONE = { create: "Created", update: "Updated", replace: "Replaced", delete: "Deleted" } as const;

const entryOf =
  ({ urn, name, resource }: ResourceChange) =>
  ({ text, details = [], asks = [] }: Remark): Entry => ({
    ...{ urn, name: plain(name), kind: className(resources[resource]) },
    ...{ text, details, asks },
  });

const NEXT_ACTIONS: Readonly<
  Record<ResourceName, (outputs: ResourceChange["state"], now: Date) => NextAction | undefined>
> = {
  delegationRequest: (outputs, now) => {
    const state = DELEGATION_REQUEST_STATES.find((one) => one === outputs["state"]);
    return state && ofRequest({ state, outputs, secrets: new Set(), updatedAt: now }, undefined, now);
  },
  identitySource: ofIdentitySource,
  approvalTeam: ofTeam,
  vaultApprovalTeam: ofVaultApprovalTeam,
  restoreAccessVault: ofRestoreAccessVault,
  teamAssociation: ofTeamAssociation,
  delegationGrant: () => undefined,
};

/** What waits for people, stays as it is, and ends soon. */
function expiryOf(
  { op, state, resource, old }: ResourceChange,
  now: Date,
  soonMs: number,
): Remark | undefined {
  if (old === undefined || (op !== "same" && op !== "update")) return undefined;
  const next = NEXT_ACTIONS[resource](state, now);
  if (!next || (next.actor !== "the customer" && next.actor !== "the approver") || next.until === null)
    return undefined;
  if (new Date(next.until).getTime() - now.getTime() > soonMs) return undefined;
  const action = next.action === "" ? "" : ` (${plain(next.action).replaceAll("`", "'")})`;
  return { text: `Waits for ${next.actor}${action} until ${formatMinute(next.until)}, then expires.` };
}

/** `2026-03-01 12:00 UTC` */
const formatMinute = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;
