/** How long people can vote in a session, or answer an invitation. Source: Multi-party approval User Guide. */
const VOTING_WINDOW_MS = 24 * 3_600_000;

/** When it is over, of what began then; both ISO 8601. */
export const votingEnd = (begin: string): string =>
  new Date(Date.parse(begin) + VOTING_WINDOW_MS).toISOString();
