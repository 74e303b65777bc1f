import { type NextAction, stringOutput, type VisibleOutputs } from "../../nextAction";

/** Who has to act on an approval team, by the status and code of `mpa:GetApprovalTeam`. */
export function nextAction(outputs: VisibleOutputs): NextAction {
  const status = stringOutput(outputs, "status") ?? "unknown";
  const code = stringOutput(outputs, "statusCode") ?? "";
  const idle = { state: code ? `${status} (${code})` : status, action: "", until: null, link: null };
  if (/_PENDING_APPROVAL$/.test(code))
    return { ...idle, actor: "the approver", action: "vote in the approval portal" };
  if (/PENDING_ACTIVATION$/.test(code))
    return { ...idle, actor: "the approver", action: "accept the invitation in the approval portal" };
  if (/FAILED/.test(code))
    return { ...idle, actor: "you", action: stringOutput(outputs, "statusMessage") ?? "" };
  if (status === "DELETING" || code === "VALIDATING") return { ...idle, actor: "AWS" };
  return { ...idle, actor: "nobody" };
}
