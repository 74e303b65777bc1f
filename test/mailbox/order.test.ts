import {
  type DelegationNotification,
  type DelegationRequestState,
  isNewer,
  type KnownRequest,
  merge,
  Secret,
} from "../../src/iam";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 15, 10, minute));
const request = { requestId: "dr-1", requestorWorkflowId: "workflow-1" };
const change = (state: DelegationRequestState, minute: number): DelegationNotification => ({
  ...request,
  type: "StateChange",
  state,
  updatedAt: at(minute),
});
const token = (minute: number, ends: number): DelegationNotification => ({
  ...request,
  type: "ExchangeToken",
  state: "FINALIZED",
  updatedAt: at(minute),
  exchangeToken: new Secret("t"),
  expiresAt: at(ends),
});

describe("isNewer", () => {
  test("anything is, of an unknown request", () => {
    expect(isNewer(change("ASSIGNED", 0), undefined)).toBe(true);
  });

  test.each<[string, boolean, KnownRequest, DelegationNotification]>([
    ["a later state", true, { state: "ASSIGNED", updatedAt: at(1) }, change("ACCEPTED", 2)],
    ["a later state that skips some", true, { state: "UNASSIGNED", updatedAt: at(1) }, change("EXPIRED", 2)],
    [
      "a later state of the same moment",
      true,
      { state: "ASSIGNED", updatedAt: at(1) },
      change("ACCEPTED", 1),
    ],
    ["the same again", false, { state: "ACCEPTED", updatedAt: at(1) }, change("ACCEPTED", 1)],
    ["an earlier state, late", false, { state: "ACCEPTED", updatedAt: at(2) }, change("ASSIGNED", 1)],
    [
      "an earlier state, whatever its time",
      false,
      { state: "FINALIZED", updatedAt: at(2) },
      change("ACCEPTED", 3),
    ],
    [
      "the same state, entered again later",
      true,
      { state: "PENDING_APPROVAL", updatedAt: at(1) },
      change("PENDING_APPROVAL", 2),
    ],
    ["the same state, entered before", false, { state: "ASSIGNED", updatedAt: at(2) }, change("ASSIGNED", 1)],
    ["the end of an open request", true, { state: "ASSIGNED", updatedAt: at(1) }, change("EXPIRED", 2)],
    ["the end of a rejected request", false, { state: "REJECTED", updatedAt: at(1) }, change("EXPIRED", 2)],
    ["the end of a granted request", false, { state: "FINALIZED", updatedAt: at(1) }, change("EXPIRED", 2)],
    [
      "an answer that comes after the end",
      true,
      { state: "EXPIRED", updatedAt: at(2) },
      change("REJECTED", 1),
    ],
    [
      "that an expired request was accepted",
      true,
      { state: "EXPIRED", updatedAt: at(2) },
      change("ACCEPTED", 1),
    ],
    [
      "that an expired request was assigned",
      false,
      { state: "EXPIRED", updatedAt: at(2) },
      change("ASSIGNED", 1),
    ],
    ["the token of an expired request", true, { state: "LAPSED", updatedAt: at(2) }, token(1, 60)],
    ["the first token", true, { state: "ACCEPTED", updatedAt: at(1) }, token(2, 60)],
    ["the first token, after FINALIZED", true, { state: "FINALIZED", updatedAt: at(3) }, token(2, 60)],
    [
      "the token again",
      false,
      { state: "FINALIZED", updatedAt: at(3), tokenExpiresAt: at(60) },
      token(2, 60),
    ],
    [
      "a token that lasts longer",
      true,
      { state: "FINALIZED", updatedAt: at(3), tokenExpiresAt: at(50) },
      token(3, 60),
    ],
    [
      "FINALIZED after its token",
      false,
      { state: "FINALIZED", updatedAt: at(3), tokenExpiresAt: at(50) },
      change("FINALIZED", 2),
    ],
  ])("%s: %p", (_, news, known, notification) => {
    expect(isNewer(notification, known)).toBe(news);
  });
});

describe("merge", () => {
  const story = [
    change("ASSIGNED", 1),
    change("PENDING_APPROVAL", 2),
    change("ACCEPTED", 3),
    change("FINALIZED", 4),
    token(4, 60),
    change("EXPIRED", 70),
  ];
  const permutations = <T>(items: T[]): T[][] =>
    items.length < 2
      ? [items]
      : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));

  test.each<[string, DelegationNotification[], KnownRequest]>([
    ["a grant", story, { state: "FINALIZED", updatedAt: at(4), tokenExpiresAt: at(60) }],
    [
      "a rejection",
      [change("ASSIGNED", 1), change("ACCEPTED", 2), change("REJECTED", 3), change("EXPIRED", 70)],
      { state: "REJECTED", updatedAt: at(3) },
    ],
    ["nothing done", [change("EXPIRED", 70)], { state: "EXPIRED", updatedAt: at(70) }],
    [
      "claimed, and left",
      [change("ASSIGNED", 1), change("EXPIRED", 70)],
      { state: "EXPIRED", updatedAt: at(70) },
    ],
    [
      "accepted, and no token sent",
      [change("ASSIGNED", 1), change("ACCEPTED", 2), change("EXPIRED", 70)],
      { state: "LAPSED", updatedAt: at(70) },
    ],
  ])("%s ends the same in every order of arrival, with everything twice", (_, story, outcome) => {
    for (const order of permutations(story)) {
      const known = [...order, ...order].reduce<KnownRequest | undefined>(merge, undefined);
      expect(known).toEqual(outcome);
    }
  });

  test("gives the same object when there is no news", () => {
    const known = story.reduce<KnownRequest | undefined>(merge, undefined) as KnownRequest;
    for (const notification of story) expect(merge(known, notification)).toBe(known);
  });
});
