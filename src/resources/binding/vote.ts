/** The latest vote about the team of something that it protects, as a state has it. */
export interface Vote {
  mpaSessionArn?: string;
  status?: string;
  statusMessage?: string;
  /** ISO 8601, as the other one. */
  initiationDate?: string;
  expiryDate?: string;
}

/** How long members can vote, where AWS does not tell. */
const WINDOW_MS = 24 * 3_600_000;

export const isPending = ({ status }: Vote): boolean => status === "PENDING";

/** Whether the members have rejected it, or have not answered in time. */
export const isRefused = ({ status }: Vote): boolean => status === "FAILED" || status === "CANCELLED";

/** When the vote ends at the latest, ISO 8601. */
export function endOf({ initiationDate, expiryDate }: Vote): string | undefined {
  if (expiryDate !== undefined || initiationDate === undefined) return expiryDate;
  return new Date(Date.parse(initiationDate) + WINDOW_MS).toISOString();
}
