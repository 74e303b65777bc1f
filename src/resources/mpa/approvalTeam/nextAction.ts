import { type NextAction, stringOutput, type VisibleOutputs } from "../../nextAction";
import { votingEnd } from "../votingWindow";

/** Who has to act on an approval team, by the status and code of `mpa:GetApprovalTeam`. */
export function nextAction(outputs: VisibleOutputs): NextAction {
  const status = stringOutput(outputs, "status") ?? "unknown";
  const code = stringOutput(outputs, "statusCode") ?? "";
  const idle = { state: code ? `${status} (${code})` : status, action: "", until: null, link: null };
  if (/_PENDING_APPROVAL$/.test(code)) {
    const until = endOf(pendingUpdateOf(outputs)["updateInitiationTime"]);
    return { ...idle, actor: "the approver", action: "vote in the approval portal", until };
  }
  if (/PENDING_ACTIVATION$/.test(code)) {
    const pending = code === "PENDING_ACTIVATION" ? outputs : pendingUpdateOf(outputs);
    const until = code === "PENDING_ACTIVATION" ? endOf(outputs["creationTime"]) : null;
    const people = unanswered(pending["approvers"]);
    const who = people.length > 0 ? `: ${people.join(", ")}` : "";
    return {
      ...idle,
      actor: "the approver",
      action: `accept the invitation in the approval portal${who}`,
      until,
    };
  }
  if (/FAILED/.test(code)) {
    const reason = stringOutput(outputs, "statusMessage");
    const remedy = outputs["refusedUpdate"] ? "change generation to ask again" : undefined;
    return { ...idle, actor: "you", action: [reason, remedy].filter(Boolean).join("; ") };
  }
  if (status === "DELETING" || code === "VALIDATING") return { ...idle, actor: "AWS" };
  return { ...idle, actor: "nobody" };
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};

const pendingUpdateOf = ({ pendingUpdate }: VisibleOutputs) => recordOf(pendingUpdate);

const endOf = (begin: unknown): string | null => (typeof begin === "string" ? votingEnd(begin) : null);

/** The user ids of the approvers who have not answered their invitation. */
function unanswered(approvers: unknown): string[] {
  const members = Array.isArray(approvers) ? approvers.map(recordOf) : [];
  return members
    .filter(({ primaryIdentityStatus }) => primaryIdentityStatus === "PENDING")
    .flatMap(({ primaryIdentityId }) => (typeof primaryIdentityId === "string" ? [primaryIdentityId] : []));
}
