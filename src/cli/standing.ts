import type { DelegationRequestState } from "../aws/delegationRequestState";
import { isNews, type KnownRequest } from "../mailbox/order";
import { type Stack, type StackRequest, type StackResource, TYPES } from "./stack";

/** How a resource stands: what people need to know to move it on. */
export interface Standing {
  kind: "delegation request" | "identity source" | "approval team";
  name: string;
  urn: string;
  /** AWS's id or ARN. */
  id: string | null;
  state: string;
  /** Who is to act. */
  actor: "the customer" | "the approver" | "you" | "AWS" | "nobody";
  /** What they are to do; empty when nobody is. */
  act: string;
  /** When that lapses, or the access ends, ISO 8601. */
  until: string | null;
  /** Where they do it. Null when there is nothing to do, and when the stack keeps it secret. */
  link: string | null;
}

type Known = KnownRequest & { ownerAccountId?: string };
type Step = Pick<Standing, "state" | "actor" | "act" | "until">;

/** @param heard what notifications have told of a request, by its id */
export function standings(
  stack: Stack,
  heard: (requestId: string) => Known | undefined,
  now: Date,
): Standing[] {
  return [
    ...stack.delegationRequests().map((one) => ofRequest(one, heard(one.id), now)),
    ...stack.ofType(TYPES.identitySource).map(ofIdentitySource),
    ...stack.ofType(TYPES.approvalTeam).map(ofTeam),
  ];
}

const text = ({ outputs }: StackResource, key: string): string | undefined =>
  typeof outputs[key] === "string" ? outputs[key] : undefined;

function ofRequest(request: StackRequest, heard: Known | undefined, now: Date): Standing {
  const { id, name, urn } = request;
  const step = ofState(request, heard, now);
  const someoneElse = step.actor === "the customer" || step.actor === "the approver";
  const link = (someoneElse && text(request, "consoleDeepLink")) || null;
  return { kind: "delegation request", name, urn, id, ...step, link };
}

const ASK_AGAIN = "ask again by its generation or renewWhen";

function ofState(resource: StackRequest, heard: Known | undefined, now: Date): Step {
  const { state, isHeard } = latest(resource, heard);
  const owner = heard?.ownerAccountId ?? text(resource, "ownerAccountId");
  const inAccount = owner === undefined ? "" : ` in account ${owner}`;
  // Of the state that Pulumi knew: the next one has another.
  const lapses = isHeard ? undefined : text(resource, "expirationTime");
  const until = lapses ?? null;
  if (isOpen(state) && lapses !== undefined && new Date(lapses) <= now) {
    return { state, actor: "you", act: "pulumi refresh: it has lapsed, unless somebody acted since", until };
  }
  switch (state) {
    case "UNASSIGNED":
      return { state, actor: "the customer", act: `open the link and claim it${inAccount}`, until };
    case "ASSIGNED":
      return { state, actor: "the customer", act: `accept, forward or reject it${inAccount}`, until };
    case "PENDING_APPROVAL":
      return { state, actor: "the approver", act: `accept or reject it${inAccount}`, until };
    case "ACCEPTED":
      return { state, actor: "the customer", act: `send the token${inAccount}`, until };
    case "REJECTED": {
      const reason = text(resource, "rejectionReason");
      return { state, actor: "nobody", act: reason ? `"${reason}"` : "", until: null };
    }
    case "EXPIRED":
      return { state, actor: "you", act: ASK_AGAIN, until: null };
    case "FINALIZED":
      return afterGrant(heard?.tokenExpiresAt, now);
  }
}

const isOpen = (state: DelegationRequestState): boolean =>
  state !== "FINALIZED" && state !== "REJECTED" && state !== "EXPIRED";

function afterGrant(endsAt: Date | undefined, now: Date): Step {
  const state = "FINALIZED";
  const until = endsAt?.toISOString() ?? null;
  if (endsAt && endsAt <= now)
    return { state, actor: "you", act: `the access has ended; ${ASK_AGAIN}`, until };
  return { state, actor: "you", act: "use the access: aws-approvals credentials", until };
}

/** The state of the stack, or of the notifications when they know more. */
function latest({ state, updatedAt }: StackRequest, heard: Known | undefined) {
  const told = heard && ({ type: "StateChange", requestId: "", requestorWorkflowId: "", ...heard } as const);
  const isHeard = told !== undefined && isNews(told, { state, updatedAt });
  return { state: isHeard ? told.state : state, isHeard };
}

function ofIdentitySource(resource: StackResource): Standing {
  const status = text(resource, "status") ?? "unknown";
  const why = [text(resource, "statusCode"), text(resource, "statusMessage")].filter(Boolean).join(": ");
  const common = { kind: "identity source", name: resource.name, urn: resource.urn, state: status } as const;
  const id = text(resource, "arn") ?? null;
  const link = text(resource, "approvalPortalUrl") ?? null;
  if (status === "ACTIVE") return { ...common, id, actor: "nobody", act: "", until: null, link };
  if (status === "ERROR") {
    return {
      ...common,
      id,
      actor: "you",
      act: `mend the cause, then pulumi up: ${why}`,
      until: null,
      link: null,
    };
  }
  return { ...common, id, actor: "AWS", act: "", until: null, link: null };
}

/** Statuses and codes of `mpa:GetApprovalTeam`. */
function ofTeam(resource: StackResource): Standing {
  const status = text(resource, "status") ?? "unknown";
  const code = text(resource, "statusCode") ?? "";
  const common = {
    ...({
      kind: "approval team",
      name: resource.name,
      urn: resource.urn,
      id: text(resource, "arn") ?? null,
    } as const),
    ...{ state: code ? `${status} (${code})` : status, until: null, link: null },
  };
  if (/_PENDING_APPROVAL$/.test(code))
    return { ...common, actor: "the approver", act: "vote in the approval portal" };
  if (/PENDING_ACTIVATION$/.test(code)) {
    return { ...common, actor: "the approver", act: "accept the invitation in the approval portal" };
  }
  if (/FAILED/.test(code)) return { ...common, actor: "you", act: text(resource, "statusMessage") ?? "" };
  if (status === "DELETING" || code === "VALIDATING") return { ...common, actor: "AWS", act: "" };
  return { ...common, actor: "nobody", act: "" };
}
