import { mergeStatus, type NotifiedState, type NotifiedStatus } from "../../../mailbox/order";
import { type NextAction, stringOutput, type VisibleOutputs } from "../../nextAction";

/** A request as it is in a stack. */
export interface RequestInStack {
  state: NotifiedState;
  updatedAt: Date;
  outputs: VisibleOutputs;
  /** The names of the outputs that are left out as secrets. */
  secrets: ReadonlySet<string>;
}

type Step = Omit<NextAction, "link" | "noLink">;

/** Who has to act on a delegation request, by the stack and by the notifications received so far. */
export function nextAction(
  request: RequestInStack,
  notified: NotifiedStatus | undefined,
  now: Date,
): NextAction {
  const step = stepOf(request, notified, now);
  if (step.actor !== "the customer" && step.actor !== "the approver") return { ...step, link: null };
  const link = stringOutput(request.outputs, "consoleDeepLink");
  if (link !== undefined) return { ...step, link };
  return { ...step, link: null, noLink: request.secrets.has("consoleDeepLink") ? "secret" : "missing" };
}

const ASK_AGAIN = "change generation or set renewWhen to ask again";

function stepOf(request: RequestInStack, notified: NotifiedStatus | undefined, now: Date): Step {
  const { outputs } = request;
  const { state, isNotified } = latestState(request, notified);
  const owner = notified?.ownerAccountId ?? stringOutput(outputs, "ownerAccountId");
  const inAccount = owner === undefined ? "" : ` in account ${owner}`;
  // The stack's expiration time is that of the stack's state; a newer state has another.
  const expirationTime = isNotified ? undefined : stringOutput(outputs, "expirationTime");
  const until = expirationTime ?? null;
  if (isOpen(state) && expirationTime !== undefined && new Date(expirationTime) <= now) {
    return {
      state,
      actor: "you",
      action: "run pulumi refresh: it has expired, unless somebody has acted on it",
      until,
    };
  }
  switch (state) {
    case "UNASSIGNED":
      return { state, actor: "the customer", action: `open the link and claim it${inAccount}`, until };
    case "ASSIGNED":
      return { state, actor: "the customer", action: `accept, forward or reject it${inAccount}`, until };
    case "PENDING_APPROVAL":
      return { state, actor: "the approver", action: `accept or reject it${inAccount}`, until };
    case "ACCEPTED":
      return { state, actor: "the customer", action: `send the token${inAccount}`, until };
    case "REJECTED": {
      const reason = stringOutput(outputs, "rejectionReason");
      return { state, actor: "nobody", action: reason ? `"${reason}"` : "", until: null };
    }
    case "EXPIRED":
      return { state, actor: "you", action: ASK_AGAIN, until: null };
    case "LAPSED":
      return {
        state,
        actor: "you",
        action: `the customer accepted, but no token arrived before the request expired; ${ASK_AGAIN}`,
        until: null,
      };
    case "FINALIZED":
      return accessAction(notified?.tokenExpiresAt, now);
  }
}

const isOpen = (state: NotifiedState): boolean =>
  !["FINALIZED", "REJECTED", "EXPIRED", "LAPSED"].includes(state);

function accessAction(endsAt: Date | undefined, now: Date): Step {
  const state = "FINALIZED";
  const until = endsAt?.toISOString() ?? null;
  if (endsAt && endsAt <= now)
    return { state, actor: "you", action: `the access has ended; ${ASK_AGAIN}`, until };
  return { state, actor: "you", action: "use the access", until };
}

/** The newer of the stack's state and the notified one. */
function latestState({ state, updatedAt }: RequestInStack, notified: NotifiedStatus | undefined) {
  const inStack = { state, updatedAt };
  const latest = notified ? mergeStatus(inStack, notified) : inStack;
  return { state: latest.state, isNotified: latest !== inStack };
}
