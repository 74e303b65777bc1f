import type { DelegationRequestState } from "../../../aws/delegationRequestState";
import { isNewer, type KnownRequest } from "../../../mailbox/order";
import { type KnownOutputs, type NextAction, textOf } from "../../nextAction";

/** A request as a stack knows it. */
export interface RequestInStack {
  state: DelegationRequestState;
  updatedAt: Date;
  outputs: KnownOutputs;
}

/** What notifications have told of a request. */
export type NotifiedState = KnownRequest & { ownerAccountId?: string };

type Step = Omit<NextAction, "link">;

/** Who is to act on a delegation request. */
export function nextAction(
  request: RequestInStack,
  notified: NotifiedState | undefined,
  now: Date,
): NextAction {
  const step = stepOf(request, notified, now);
  const isTheirs = step.actor === "the customer" || step.actor === "the approver";
  return { ...step, link: (isTheirs && textOf(request.outputs, "consoleDeepLink")) || null };
}

const ASK_AGAIN = "ask again by its generation or renewWhen";

function stepOf(request: RequestInStack, notified: NotifiedState | undefined, now: Date): Step {
  const { outputs } = request;
  const { state, isNotified } = latest(request, notified);
  const owner = notified?.ownerAccountId ?? textOf(outputs, "ownerAccountId");
  const inAccount = owner === undefined ? "" : ` in account ${owner}`;
  // Of the state that Pulumi knew: the next one has another.
  const lapses = isNotified ? undefined : textOf(outputs, "expirationTime");
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
      const reason = textOf(outputs, "rejectionReason");
      return { state, actor: "nobody", act: reason ? `"${reason}"` : "", until: null };
    }
    case "EXPIRED":
      return { state, actor: "you", act: ASK_AGAIN, until: null };
    case "FINALIZED":
      return afterGrant(notified?.tokenExpiresAt, now);
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
function latest({ state, updatedAt }: RequestInStack, notified: NotifiedState | undefined) {
  const told =
    notified && ({ type: "StateChange", requestId: "", requestorWorkflowId: "", ...notified } as const);
  const isNotified = told !== undefined && isNewer(told, { state, updatedAt });
  return { state: isNotified ? told.state : state, isNotified };
}
