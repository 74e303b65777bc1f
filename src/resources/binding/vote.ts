import { votingEnd } from "../mpa/votingWindow";

/** The latest vote about the team of something that it protects, as a state has it. */
export interface Vote {
  mpaSessionArn?: string;
  status?: string;
  statusMessage?: string;
  /** ISO 8601, as the other one. */
  initiationDate?: string;
  expiryDate?: string;
}

export const isPending = ({ status }: Vote): boolean => status === "PENDING";

/** Whether the members have rejected it, or have not answered in time. */
export const isRefused = ({ status }: Vote): boolean => status === "FAILED" || status === "CANCELLED";

/** When the vote ends at the latest, ISO 8601. Not every service returns it. */
export function endOf({ initiationDate, expiryDate }: Vote): string | undefined {
  if (expiryDate !== undefined || initiationDate === undefined) return expiryDate;
  return votingEnd(initiationDate);
}
