import { type NextAction, stringOutput, type VisibleOutputs } from "../../nextAction";

/** Who has to act on a vault that gives access to another. */
export function nextAction(outputs: VisibleOutputs): NextAction {
  const state = stringOutput(outputs, "vaultState") ?? "unknown";
  const idle = { state, action: "", until: null, link: null };
  if (state === "CREATING") return { ...idle, actor: "the approver", action: "vote in the approval portal" };
  if (state === "FAILED")
    return { ...idle, actor: "you", action: "the team did not approve: change generation to ask again" };
  return { ...idle, actor: "nobody" };
}
