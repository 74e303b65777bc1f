import { type KnownOutputs, type NextAction, textOf } from "../../nextAction";

/** Who is to act on an approval team, by the statuses and codes of `mpa:GetApprovalTeam`. */
export function nextAction(outputs: KnownOutputs): NextAction {
  const status = textOf(outputs, "status") ?? "unknown";
  const code = textOf(outputs, "statusCode") ?? "";
  const idle = { state: code ? `${status} (${code})` : status, act: "", until: null, link: null };
  if (/_PENDING_APPROVAL$/.test(code))
    return { ...idle, actor: "the approver", act: "vote in the approval portal" };
  if (/PENDING_ACTIVATION$/.test(code))
    return { ...idle, actor: "the approver", act: "accept the invitation in the approval portal" };
  if (/FAILED/.test(code)) return { ...idle, actor: "you", act: textOf(outputs, "statusMessage") ?? "" };
  if (status === "DELETING" || code === "VALIDATING") return { ...idle, actor: "AWS" };
  return { ...idle, actor: "nobody" };
}
