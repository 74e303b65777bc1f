import type { NextAction, VisibleOutputs } from "../../nextAction";

/** Who has to act on the team of a vault. */
export function nextAction({ latestMpaApprovalTeamUpdate }: VisibleOutputs): NextAction {
  const update: unknown = Object(latestMpaApprovalTeamUpdate);
  const { status, expiryDate } = update as { status?: string; expiryDate?: string };
  if (status !== "PENDING")
    return { state: "ASSOCIATED", actor: "nobody", action: "", until: null, link: null };
  return {
    state: "PENDING",
    actor: "the approver",
    action: "vote in the approval portal about another team of the vault, or none",
    until: expiryDate ?? null,
    link: null,
  };
}
