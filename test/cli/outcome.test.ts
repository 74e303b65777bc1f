import { type Goal, type Outcome, outcomeOf } from "../../src/cli/outcome";
import type { NotifiedState } from "../../src/mailbox/order";

const now = new Date("2026-03-01T12:00:00Z");
const [before, after] = [new Date(now.getTime() - 1), new Date(now.getTime() + 1)];

test.each<[NotifiedState, Date | undefined, Record<Goal, Outcome | undefined>]>([
  ["UNASSIGNED", undefined, { ACCEPTED: undefined, FINALIZED: undefined }],
  ["ASSIGNED", undefined, { ACCEPTED: undefined, FINALIZED: undefined }],
  ["PENDING_APPROVAL", undefined, { ACCEPTED: undefined, FINALIZED: undefined }],
  ["ACCEPTED", undefined, { ACCEPTED: "granted", FINALIZED: undefined }],
  ["FINALIZED", undefined, { ACCEPTED: "granted", FINALIZED: undefined }],
  ["FINALIZED", after, { ACCEPTED: "granted", FINALIZED: "granted" }],
  ["FINALIZED", now, { ACCEPTED: "expired", FINALIZED: "expired" }],
  ["FINALIZED", before, { ACCEPTED: "expired", FINALIZED: "expired" }],
  ["REJECTED", undefined, { ACCEPTED: "rejected", FINALIZED: "rejected" }],
  ["EXPIRED", undefined, { ACCEPTED: "expired", FINALIZED: "expired" }],
  ["LAPSED", undefined, { ACCEPTED: "expired", FINALIZED: "expired" }],
])("%s, with a token until %p: %p", (state, tokenExpiresAt, outcomes) => {
  const status = { state, updatedAt: before, ...(tokenExpiresAt && { tokenExpiresAt }) };
  for (const goal of ["ACCEPTED", "FINALIZED"] as const)
    expect(outcomeOf(status, goal, now)).toBe(outcomes[goal]);
});
