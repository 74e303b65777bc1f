import { describeChanges, quotedNames, type ResourceChange } from "./change";
import type { Reviewed } from "./reviewer";

/** An identity source asks nobody; without it, nobody can vote. */
export function reviewIdentitySource(change: ResourceChange): Reviewed {
  const { op, replaceKeys } = change;
  if (op === "replace") {
    const why = describeChanges(change, replaceKeys) || quotedNames(replaceKeys);
    return {
      destroyed: {
        text: `The source is deleted, and another one made (${why}). AWS refuses that while teams use it.`,
      },
    };
  }
  if (op === "delete")
    return {
      destroyed: {
        text: "The source is deleted: its people can be in no team any more. AWS refuses that while teams use it.",
      },
    };
  return { quiet: { text: "Nobody is asked." } };
}
