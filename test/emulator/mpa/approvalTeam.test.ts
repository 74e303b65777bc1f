import { arnOf, useHarness } from "../harness";
import {
  activeTeam,
  approvers,
  createTeam,
  getTeam,
  inactiveTeam,
  invitedTeam,
  POLICY,
  startDeletion,
  startUpdate,
  type Team,
  teamOf,
  teamPath,
  vote,
} from "./approvalTeams";
import { expectError, freshAccount } from "./identitySources";

const harness = useHarness();
const session = async ({ account }: Team, arn: string) =>
  (await harness().mpa(account, "GET", `/sessions/${encodeURIComponent(arn)}`)).body;
const accept = ({ arn }: Team, ...people: string[]) => {
  for (const person of people) harness().emulator.answerInvitation(arn, person, "ACCEPTED");
};
const removeVersion = ({ account, arn }: Team, versionId: unknown) =>
  harness().mpa(account, "DELETE", teamPath(arn, `/${versionId}`));

describe("a new team", () => {
  it("is validated, then its approvers are invited, and it is ACTIVE when all have accepted", async () => {
    const team = await invitedTeam(harness());
    const { status, body } = await createTeam(harness(), team.account, { Name: "more" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ Arn: expect.stringMatching(/:approval-team\/more-[0-9a-f-]{36}$/) });
    const more = { ...team, arn: String(body["Arn"]) };
    expect(await getTeam(harness(), more)).toMatchObject({ Status: "PENDING", StatusCode: "VALIDATING" });
    harness().clock.advance("1s");
    expect(await getTeam(harness(), more)).toMatchObject({ StatusCode: "PENDING_ACTIVATION" });

    accept(more, "alice", "bob");
    expect(await getTeam(harness(), more)).toMatchObject({
      Status: "PENDING",
      NumberOfApprovers: 3,
      Approvers: [
        { PrimaryIdentityId: "alice", PrimaryIdentityStatus: "ACCEPTED", ResponseTime: expect.any(String) },
        { PrimaryIdentityId: "bob", PrimaryIdentityStatus: "ACCEPTED" },
        { PrimaryIdentityId: "carol", PrimaryIdentityStatus: "PENDING" },
      ],
    });
    accept(more, "carol");
    const active = await getTeam(harness(), more);
    expect(active).toMatchObject({
      Name: "more",
      Status: "ACTIVE",
      VersionId: body["VersionId"],
      ApprovalStrategy: { MofN: { MinApprovalsRequired: 2 } },
      Policies: [{ PolicyArn: `${POLICY}/$DEFAULT` }],
    });
    expect(active).not.toHaveProperty("StatusCode");
  });

  it.each([
    ["somebody rejects", (team: Team) => harness().emulator.answerInvitation(team.arn, "bob", "REJECTED")],
    ["somebody is silent for a day", () => harness().clock.advance("24h")],
  ])("has failed when %s", async (_, happens) => {
    const team = await invitedTeam(harness());
    accept(team, "alice");
    happens(team);
    expect(await getTeam(harness(), team)).toMatchObject({
      Status: "INACTIVE",
      StatusCode: "FAILED_ACTIVATION",
      StatusMessage: expect.any(String),
    });
    expect(() => accept(team, "carol")).toThrow(/carol has no invitation/);
    expect((await removeVersion(team, team.versionId)).status).toBe(200);
    expectError(
      await harness().mpa(team.account, "GET", teamPath(team.arn)),
      404,
      "ResourceNotFoundException",
    );
  });

  it("is not valid without the account's identity source", async () => {
    const account = freshAccount();
    const { body } = await createTeam(harness(), account);
    harness().clock.advance("1s");
    const team = { account, arn: String(body["Arn"]), versionId: "" };
    expect(await getTeam(harness(), team)).toMatchObject({
      Status: "INACTIVE",
      StatusCode: "FAILED_VALIDATION",
    });
  });

  it("is found again by its token, and by nothing else of the same name", async () => {
    const { account } = await invitedTeam(harness(), { ClientToken: "one" });
    const again = await createTeam(harness(), account, { ClientToken: "one" });
    expect(again.status).toBe(200);
    const other = await createTeam(harness(), account, { ClientToken: "one", Description: "Other" });
    expectError(other, 400, "ValidationException");
    expectError(await createTeam(harness(), account, { ClientToken: "two" }), 409, "ConflictException");
  });

  it("is listed in pages", async () => {
    const { account } = await invitedTeam(harness());
    for (const Name of ["b", "c"]) await createTeam(harness(), account, { Name });
    const list = (query: string) => harness().mpa(account, "POST", `/approval-teams/?List=${query}`);
    const { body: first } = await list("&MaxResults=2");
    expect(first["ApprovalTeams"]).toMatchObject([{ Name: "ops" }, { Name: "b" }]);
    const { body: second } = await list(`&NextToken=${first["NextToken"]}`);
    expect(second).toEqual({ ApprovalTeams: [expect.objectContaining({ Name: "c" })] });
  });
});

describe("a change of an ACTIVE team", () => {
  it("waits for its votes, and is made when enough approve", async () => {
    const team = await activeTeam(harness());
    const update = await startUpdate(harness(), team);
    expect(update).toMatch(/:session\/ops-[0-9a-f-]{36}\/[0-9a-f-]{36}$/);
    expect(await getTeam(harness(), team)).toMatchObject({
      Status: "ACTIVE",
      StatusCode: "UPDATE_PENDING_APPROVAL",
      Description: "Decides about restores",
      VersionId: team.versionId,
      PendingUpdate: { Description: "Decides about all of it", NumberOfApprovers: 3 },
    });
    vote(harness(), update, "APPROVED", "alice");
    expect(await session(team, update)).toMatchObject({
      Status: "PENDING",
      ExecutionStatus: "PENDING",
      ApproverResponses: [
        { IdentityId: "alice", Response: "APPROVED" },
        { IdentityId: "bob", Response: "NO_RESPONSE" },
        { IdentityId: "carol", Response: "NO_RESPONSE" },
      ],
    });
    expect(() => vote(harness(), update, "APPROVED", "alice")).toThrow(/alice has no vote to give/);
    vote(harness(), update, "APPROVED", "carol");
    expect(await session(team, update)).toMatchObject({ Status: "APPROVED", ExecutionStatus: "EXECUTED" });
    const changed = await getTeam(harness(), team);
    expect(changed).toMatchObject({ Description: "Decides about all of it", Status: "ACTIVE" });
    expect(changed["VersionId"]).not.toBe(team.versionId);
    for (const gone of ["StatusCode", "PendingUpdate", "UpdateSessionArn"])
      expect(changed).not.toHaveProperty(gone);
  });

  it.each([
    ["rejected", "REJECTED", (arn: string) => vote(harness(), arn, "REJECTED", "alice", "bob")],
    ["not answered for a day", "EXPIRED", () => harness().clock.advance("24h")],
  ])("is a failed draft when it is %s, which can be deleted or replaced", async (_, code, happens) => {
    const team = await activeTeam(harness());
    const update = await startUpdate(harness(), team);
    happens(update);
    expect(await session(team, update)).toMatchObject({ Status: "FAILED", StatusCode: code });
    const failed = await getTeam(harness(), team);
    expect(failed).toMatchObject({
      Status: "ACTIVE",
      StatusCode: "UPDATE_FAILED_APPROVAL",
      Description: "Decides about restores",
      VersionId: team.versionId,
      PendingUpdate: { StatusCode: "UPDATE_FAILED_APPROVAL", Status: "INACTIVE" },
    });
    const { VersionId } = failed["PendingUpdate"] as { VersionId: string };
    expect((await removeVersion(team, VersionId)).status).toBe(200);
    const clean = await getTeam(harness(), team);
    expect(clean).not.toHaveProperty("PendingUpdate");
    expect(clean).not.toHaveProperty("StatusCode");
    await startUpdate(harness(), team);
  });

  it("that invites people waits for them, too", async () => {
    const team = await activeTeam(harness());
    const Approvers = approvers(team.account, ["alice", "bob", "dave"]);
    vote(harness(), await startUpdate(harness(), team, { Approvers }), "APPROVED", "alice", "bob");
    expect(await getTeam(harness(), team)).toMatchObject({
      Status: "ACTIVE",
      StatusCode: "UPDATE_PENDING_ACTIVATION",
      PendingUpdate: { StatusCode: "UPDATE_PENDING_ACTIVATION" },
    });
    accept(team, "dave");
    const changed = await getTeam(harness(), team);
    expect(changed["Approvers"]).toMatchObject(
      ["alice", "bob", "dave"].map((PrimaryIdentityId) => ({
        PrimaryIdentityId,
        PrimaryIdentityStatus: "ACCEPTED",
      })),
    );
    expect(changed).not.toHaveProperty("StatusCode");

    const more = approvers(team.account, ["alice", "bob", "erin"]);
    const next = await startUpdate(harness(), team, { Approvers: more });
    vote(harness(), next, "APPROVED", "alice", "dave");
    harness().clock.advance("24h");
    expect(await getTeam(harness(), team)).toMatchObject({
      Status: "ACTIVE",
      StatusCode: "UPDATE_FAILED_ACTIVATION",
    });
  });

  it("is withdrawn by cancelling its session, and is the only one at a time", async () => {
    const team = await activeTeam(harness());
    const update = await startUpdate(harness(), team);
    const again = await harness().mpa(team.account, "PATCH", teamPath(team.arn), { Description: "Again" });
    expectError(again, 409, "ConflictException");
    const cancelled = await harness().mpa(team.account, "PUT", `/sessions/${encodeURIComponent(update)}`);
    expect(cancelled.status).toBe(200);
    expect(await session(team, update)).toMatchObject({ Status: "CANCELLED" });
    expect(await getTeam(harness(), team)).not.toHaveProperty("PendingUpdate");
  });
});

describe("the deletion of an ACTIVE team", () => {
  it("waits for its votes and for the window", async () => {
    const team = await activeTeam(harness());
    const deletion = await startDeletion(harness(), team, { PendingWindowDays: 3 });
    expect(await getTeam(harness(), team)).toMatchObject({
      Status: "ACTIVE",
      StatusCode: "DELETE_PENDING_APPROVAL",
    });
    vote(harness(), deletion, "APPROVED", "alice", "bob");
    expect(await getTeam(harness(), team)).toMatchObject({ Status: "DELETING" });
    harness().clock.advance("71h");
    expect(await getTeam(harness(), team)).toMatchObject({ Status: "DELETING" });
    harness().clock.advance("1h");
    const gone = await harness().mpa(team.account, "GET", teamPath(team.arn));
    expectError(gone, 404, "ResourceNotFoundException");
  });

  it.each([
    ["rejected", (arn: string) => vote(harness(), arn, "REJECTED", "alice", "bob")],
    ["not answered for a day", () => harness().clock.advance("24h")],
  ])("does not happen when it is %s, and can be asked for again", async (_, happens) => {
    const team = await activeTeam(harness());
    happens(await startDeletion(harness(), team));
    expect(await getTeam(harness(), team)).toMatchObject({
      Status: "ACTIVE",
      StatusCode: "DELETE_FAILED_APPROVAL",
    });
    await startDeletion(harness(), team);
  });

  it("is not for a team that works no more, whose version is deleted at once", async () => {
    const team = await inactiveTeam(harness());
    expectError(
      await harness().mpa(team.account, "POST", teamPath(team.arn, "?Delete=")),
      409,
      "ConflictException",
    );
    expect((await removeVersion(team, team.versionId)).status).toBe(200);
  });

  it("frees the identity source", async () => {
    const team = await inactiveTeam(harness());
    const source = `/identity-sources/${encodeURIComponent(arnOf(team.account))}`;
    expectError(await harness().mpa(team.account, "DELETE", source), 409, "ConflictException");
    await removeVersion(team, team.versionId);
    expect((await harness().mpa(team.account, "DELETE", source)).status).toBe(200);
  });
});

describe("sessions", () => {
  const list = async ({ account, arn }: Team, ...Filters: object[]) =>
    (await harness().mpa(account, "POST", teamPath(arn, "/sessions/?List="), { Filters })).body["Sessions"];

  it("are listed, the newest first, by what is asked for", async () => {
    const team = await activeTeam(harness());
    vote(harness(), await startUpdate(harness(), team), "REJECTED", "alice", "bob");
    harness().clock.advance("1h");
    await startDeletion(harness(), team);
    const both = [
      { ActionName: "mpa:StartActiveApprovalTeamDeletion" },
      { ActionName: "mpa:UpdateApprovalTeam" },
    ];
    expect(await list(team)).toMatchObject(both);
    for (const [FieldName, Operator, Value, expected] of [
      ["SessionStatus", "EQ", "PENDING", both.slice(0, 1)],
      ["SessionStatus", "NE", "PENDING", both.slice(1)],
      ["ActionName", "CONTAINS", "Update", both.slice(1)],
      ["ActionName", "NOT_CONTAINS", "Update", both.slice(0, 1)],
      ["Vote", "EQ", "REJECTED", both.slice(1)],
      ["ApprovalTeamName", "EQ", "ops", both],
      ["InitiationTime", "GTE", harness().clock.now().toISOString(), both.slice(0, 1)],
      ["InitiationTime", "LT", harness().clock.now().toISOString(), both.slice(1)],
      ["InitiationTime", "BETWEEN", "2020-01-01,2999-01-01", both],
    ] as const) {
      const found = await list(team, { FieldName, Operator, Value });
      expect(found).toMatchObject(expected);
      expect(found).toHaveLength(expected.length);
    }
  });

  it("of a baseline ask each member, who stays in the team without an answer", async () => {
    const team = await activeTeam(harness());
    const path = teamPath(team.arn, "/baseline");
    const { body } = await harness().mpa(team.account, "POST", path, {});
    const arn = String(body["BaselineSessionArn"]);
    const { body: next } = await harness().mpa(team.account, "POST", path, {});
    expect(await session(team, String(next["BaselineSessionArn"]))).toMatchObject({
      Status: "FAILED",
      StatusCode: "ALL_APPROVERS_IN_SESSION",
    });
    vote(harness(), arn, "APPROVED", "alice");
    harness().clock.advance("24h");
    expect(await session(team, arn)).toMatchObject({ Status: "FAILED", StatusCode: "EXPIRED" });
    const { Approvers } = await getTeam(harness(), team);
    expect(Approvers).toMatchObject([
      { LastActivity: "BASELINED" },
      { LastActivity: "RESPONDED_TO_INVITATION" },
      { LastActivity: "RESPONDED_TO_INVITATION" },
    ]);
  });
});

test("policies are listed with their versions, and those of a team", async () => {
  const team = await activeTeam(harness());
  const { mpa } = harness();
  const { body: policies } = await mpa(team.account, "POST", "/policies/?List=");
  expect(policies).toMatchObject({ Policies: [{ Arn: POLICY, DefaultVersion: 1 }] });
  const { body: versions } = await mpa(
    team.account,
    "POST",
    `/policies/${encodeURIComponent(POLICY)}/?List=`,
  );
  expect(versions).toMatchObject({ PolicyVersions: [{ Arn: `${POLICY}/1`, IsDefault: true }] });
  const { body: attached } = await mpa(
    team.account,
    "POST",
    `/resource-policies/${encodeURIComponent(team.arn)}/?List=`,
  );
  expect(attached).toEqual({
    ResourcePolicies: [
      { PolicyArn: POLICY, PolicyType: "AWS_MANAGED", PolicyName: "CreateRestoreAccessVault" },
    ],
  });
});

test("the description of a team is not repeated in an error", async () => {
  const { account } = await invitedTeam(harness());
  const { body } = await harness().mpa(
    account,
    "POST",
    "/approval-teams",
    teamOf(account, { Description: "secret".repeat(99) }),
  );
  expect(String(body["Message"])).not.toContain("secret");
});
