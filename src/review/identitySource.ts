import { describeReplacement, type ResourceChange } from "./change";
import type { Reviewed } from "./reviewer";
import { RETAINED } from "./wording";

/** An identity source asks nobody; without it, nobody can vote. */
export function reviewIdentitySource(change: ResourceChange): Reviewed {
  const { op, old } = change;
  if (op === "replace" && old?.isRetained) return { quiet: { text: `Nobody is asked. ${RETAINED}` } };
  if (op === "replace") {
    return {
      destroyed: {
        text: `The source is deleted, and another one is created (${describeReplacement(change)}). AWS rejects that while teams use it.`,
      },
    };
  }
  if (op === "delete")
    return {
      destroyed: {
        text: "The source is deleted: its users can no longer be members of teams. AWS rejects that while teams use it.",
      },
    };
  return { quiet: { text: "Nobody is asked." } };
}
