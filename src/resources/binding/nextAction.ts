import type { NextAction, VisibleOutputs } from "../nextAction";
import { endOf, isPending, isRefused, type Vote } from "./vote";

/**
 * Who has to act on the team of what it protects.
 * @param subject for the action: what is protected
 */
export function nextActionOf(
  vote: unknown,
  refusedTeam: VisibleOutputs[string],
  subject: string,
): NextAction {
  const latest: Vote = Object(vote);
  const idle = { action: "", until: null, link: null };
  if (isPending(latest))
    return {
      ...idle,
      state: "PENDING",
      actor: "the approver",
      action: `vote in the approval portal on a change of the team of the ${subject}`,
      until: endOf(latest) ?? null,
    };
  if (isRefused(latest) && refusedTeam !== undefined)
    return {
      ...idle,
      state: `ASSOCIATED (${latest.status})`,
      actor: "you",
      action: "the current team did not approve another one: change generation to ask again",
    };
  return { ...idle, state: "ASSOCIATED", actor: "nobody" };
}
