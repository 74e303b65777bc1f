import { parseEvent } from "../../src/mailbox/approvalEvent";
import { event, SESSION, TEAM } from "./approvalEvents";

const time = new Date("2026-01-14T01:41:59Z");

test("an event of a team", () => {
  const details = {
    teamStatus: "ACTIVE",
    teamStatusCode: "DELETE_FAILED_APPROVAL",
    updateSessionId: "s",
  };
  const failure = event("TeamDeletionApprovalFailure", TEAM, details);
  const expected = {
    ...{ kind: "team", eventName: "TeamDeletionApprovalFailure", time, teamArn: TEAM },
    ...{ status: "ACTIVE", statusCode: "DELETE_FAILED_APPROVAL", sessionId: "s" },
  };
  expect(parseEvent(failure)).toEqual(expected);
  expect(parseEvent(JSON.stringify(failure))).toEqual(expected);
  expect(parseEvent(event("TeamUpdateActivationSuccess", TEAM, { teamStatus: "ACTIVE" }))).toEqual({
    ...{ kind: "team", eventName: "TeamUpdateActivationSuccess", time, teamArn: TEAM, status: "ACTIVE" },
  });
});

test("an event of a session, with those who voted", () => {
  const store = "arn:aws:identitystore::111122223333:identitystore/d-1";
  const details = {
    ...{ sessionStatus: "FAILED", sessionStatusCode: "EXPIRED" },
    approvedBy: `[${store}/alice],[${store}/bob]`,
    rejectedBy: "",
    noParticipationBy: `${store}/carol`,
  };
  expect(parseEvent(event("SessionExpiration", SESSION, details))).toEqual({
    ...{ kind: "session", eventName: "SessionExpiration", time, sessionArn: SESSION },
    ...{ status: "FAILED", statusCode: "EXPIRED" },
    ...{ approvedBy: [`${store}/alice`, `${store}/bob`], rejectedBy: [] },
    noParticipationBy: [`${store}/carol`],
  });
  const pending = event("SessionValidationSuccess", SESSION, { sessionStatus: "PENDING" });
  expect(parseEvent(pending)).toMatchObject({ status: "PENDING", approvedBy: [] });
});

test.each([
  ["no JSON", "{"],
  ["nothing", undefined],
  ["another service's", { ...event("X", TEAM, { teamStatus: "ACTIVE" }), source: "aws.backup" }],
  ["an API call's", event("CancelSession", TEAM, { teamStatus: "ACTIVE" }, { eventType: "AwsApiCall" })],
  ["of something else", event("X", "arn:aws:s3:::bucket", { teamStatus: "ACTIVE" })],
])("%s is unrecognized, and the reason repeats nothing of it", (_, given) => {
  expect(parseEvent(given)).toEqual({
    kind: "unrecognized",
    reason: expect.stringMatching(/^is not (JSON|an event of an approval team or session)$/),
  });
});
