import type { ResourceChange } from "./change";
import type { Reviewed } from "./reviewer";

/** What a customer granted asks nobody: their request has. */
export const reviewDelegationGrant = ({ op, news }: ResourceChange): Reviewed => {
  const waits = op !== "delete" && news["waitFor"] !== undefined;
  return {
    quiet: { text: waits ? "It waits for the customer's decision, and asks nobody." : "Nobody is asked." },
  };
};
