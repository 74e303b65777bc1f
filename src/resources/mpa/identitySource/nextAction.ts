import { type NextAction, stringOutput, type VisibleOutputs } from "../../nextAction";

/** Who has to act on an identity source. */
export function nextAction(outputs: VisibleOutputs): NextAction {
  const state = stringOutput(outputs, "status") ?? "unknown";
  const idle = { state, action: "", until: null, link: null };
  if (state === "ACTIVE")
    return { ...idle, actor: "nobody", link: stringOutput(outputs, "approvalPortalUrl") ?? null };
  if (state !== "ERROR") return { ...idle, actor: "AWS" };
  const cause = [stringOutput(outputs, "statusCode"), stringOutput(outputs, "statusMessage")]
    .filter(Boolean)
    .join(": ");
  return { ...idle, actor: "you", action: `fix the cause, then run pulumi up: ${cause}` };
}
