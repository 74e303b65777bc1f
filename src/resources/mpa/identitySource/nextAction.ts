import { type KnownOutputs, type NextAction, textOf } from "../../nextAction";

/** Who is to act on an identity source. */
export function nextAction(outputs: KnownOutputs): NextAction {
  const state = textOf(outputs, "status") ?? "unknown";
  const idle = { state, act: "", until: null, link: null };
  if (state === "ACTIVE")
    return { ...idle, actor: "nobody", link: textOf(outputs, "approvalPortalUrl") ?? null };
  if (state !== "ERROR") return { ...idle, actor: "AWS" };
  const cause = [textOf(outputs, "statusCode"), textOf(outputs, "statusMessage")].filter(Boolean).join(": ");
  return { ...idle, actor: "you", act: `mend the cause, then pulumi up: ${cause}` };
}
