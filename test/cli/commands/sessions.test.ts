// What people who run a team see of its votes: sessions, cancel, wait --team and wait --session.
import { loadMpa, type MPAClient } from "../../../src/aws/mpa";
import { CliHarness, PARTNER } from "../cliHarness";
import { exported, resource, TEAM } from "../stateFile";

const SOURCE = `arn:aws:mpa:us-east-1:${PARTNER}:identity-source/IamIdentityCenter`;
const PEOPLE = ["alice", "bob", "carol"];
const mpa = loadMpa();

let cli: CliHarness;
let client: MPAClient;
beforeAll(async () => {
  cli = await CliHarness.open();
  client = new mpa.MPAClient({
    endpoint: cli.emulator.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: PARTNER, secretAccessKey: "x" },
  });
  const IamIdentityCenter = {
    InstanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
    Region: "us-east-1",
  };
  await client.send(new mpa.CreateIdentitySourceCommand({ IdentitySourceParameters: { IamIdentityCenter } }));
  cli.clock.advance("1s");
});
afterAll(async () => {
  client.destroy();
  await cli.close();
});

let teams = 0;
/** A team whose members are invited. */
async function invitedTeam(): Promise<string> {
  const { Arn = "" } = await client.send(
    new mpa.CreateApprovalTeamCommand({
      Name: `team-${++teams}`,
      Description: "Decides about restores",
      ApprovalStrategy: { MofN: { MinApprovalsRequired: 2 } },
      Approvers: PEOPLE.map((PrimaryIdentityId) => ({ PrimaryIdentityId, PrimaryIdentitySourceArn: SOURCE })),
      Policies: [
        { PolicyArn: "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT" },
      ],
    }),
  );
  cli.clock.advance("1s");
  return Arn;
}

/** An ACTIVE team that votes about a change. */
async function votingTeam() {
  const team = await invitedTeam();
  for (const person of PEOPLE) cli.emulator.answerInvitation(team, person, "ACCEPTED");
  await client.send(new mpa.UpdateApprovalTeamCommand({ Arn: team, Description: "Decides about all of it" }));
  return { team, session: [...cli.emulator.store.sessions.keys()].at(-1) ?? "" };
}

test("sessions shows who has not answered, and until when", async () => {
  const { team, session } = await votingTeam();
  cli.emulator.vote(session, "bob", "APPROVED");
  const state = exported(resource(TEAM, "restores", { arn: team }));
  for (const [args, stdin] of [
    [["--team", team], ""],
    [["--state-file", "-"], state],
  ] as const) {
    const { code, stdout } = await cli.run(["sessions", ...args], { stdin });
    expect(code).toBe(0);
    expect(stdout).toContain(
      "  approved: bob; rejected: nobody\n  has not answered: alice, carol; 2 must approve\n",
    );
    expect(stdout).toMatch(/PENDING, until 20\d\d-/);
    expect(stdout).toContain(session);
  }
  const nobody = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
  const unknown = await cli.run(["sessions", "--team", team], { env: nobody });
  expect(unknown).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Check the credentials of the account of the request or team"),
  });
  cli.emulator.vote(session, "carol", "APPROVED");
  expect((await cli.run(["sessions", "--team", team])).stdout).toBe("No session waits for votes.\n");
  const all = await cli.run(["sessions", "--team", team, "--all", "--json"]);
  expect(JSON.parse(all.stdout).sessions).toMatchObject([{ sessionArn: session, status: "APPROVED" }]);
});

describe("status", () => {
  const statusOf = (outputs: Record<string, unknown>, ...more: string[]) =>
    cli.run(["status", "--state-file", "-", ...more], {
      stdin: exported(resource(TEAM, "restores", outputs)),
    });
  const row = (stdout: string) => JSON.parse(stdout).resources[0];

  test("asks AWS what a team votes on, who has not answered, and until when", async () => {
    const { team, session } = await votingTeam();
    cli.emulator.vote(session, "bob", "APPROVED");
    const until = cli.emulator.store.sessions.get(session)?.expirationTime.toISOString();
    // The state is older than the session.
    const outputs = { arn: team, status: "ACTIVE" };
    const { code, stdout } = await statusOf(outputs);
    expect(code).toBe(0);
    expect(stdout).toMatch(/the approver: vote in the approval portal \(not answered: alice, carol\)/);
    expect(stdout).toContain("has not answered: alice, carol; 2 must approve");
    const json = await statusOf(outputs, "--json");
    expect(row(json.stdout)).toMatchObject({
      ...{ actor: "the approver", until },
      sessions: [{ sessionArn: session, status: "PENDING" }],
    });
    cli.emulator.vote(session, "carol", "APPROVED");
    const ended = { ...outputs, statusCode: "UPDATE_PENDING_APPROVAL" };
    expect(row((await statusOf(ended, "--json")).stdout)).toMatchObject({
      ...{ actor: "you", action: expect.stringContaining("run pulumi refresh"), until: null, sessions: [] },
    });
  });

  test("says so, and shows what the state has, where AWS may not be asked", async () => {
    const { team } = await votingTeam();
    const outputs = { arn: team, status: "ACTIVE", statusCode: "UPDATE_PENDING_APPROVAL" };
    cli.fault = ({ operation }) =>
      operation === "ListSessions" ? { error: { status: 403, code: "AccessDeniedException" } } : undefined;
    const denied = await statusOf(outputs, "--json");
    cli.fault = undefined;
    expect(denied).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/restores is shown as the stack's state has it.*AccessDenied/),
    });
    expect(row(denied.stdout)).toMatchObject({ actor: "the approver", sessions: null });
    const gone = await statusOf({ ...outputs, arn: `${team}-gone` });
    expect(gone.stderr).toMatch(/the team is gone: run pulumi refresh/);
  });
});

test("cancel asks first, and withdraws the change", async () => {
  const { team, session } = await votingTeam();
  const unasked = await cli.run(["cancel", "--session", session]);
  expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining("give --yes") });
  expect(cli.emulator.store.sessions.get(session)?.status).toBe("PENDING");
  const cancelled = await cli.run(["cancel", "--session", session, "--yes"]);
  expect(cancelled).toMatchObject({ code: 0, stdout: expect.stringContaining("Cancelled.") });
  expect(cli.emulator.store.approvalTeams.get(team)?.draft).toBeUndefined();
  const again = await cli.run(["cancel", "--session", session, "--yes"]);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("nothing to cancel") });
});

describe("wait", () => {
  const outcome = async (...args: string[]) => {
    const { code, stdout } = await cli.run(["wait", "--timeout", "0s", "--json", ...args]);
    return { code, outcome: JSON.parse(stdout).outcome };
  };

  test("ends as the members have decided", async () => {
    const { team, session } = await votingTeam();
    expect(await outcome("--session", session)).toEqual({ code: 5, outcome: "timed-out" });
    expect(await outcome("--team", team)).toEqual({ code: 5, outcome: "timed-out" });
    for (const person of ["alice", "bob"]) cli.emulator.vote(session, person, "APPROVED");
    expect(await outcome("--session", session)).toEqual({ code: 0, outcome: "granted" });
    expect(await outcome("--team", team)).toEqual({ code: 0, outcome: "granted" });
  });

  test("ends when they have rejected, or let it expire", async () => {
    const rejected = await votingTeam();
    const expired = await votingTeam();
    for (const person of ["alice", "bob"]) cli.emulator.vote(rejected.session, person, "REJECTED");
    cli.clock.advance("24h");
    expect(await outcome("--session", rejected.session)).toEqual({ code: 3, outcome: "rejected" });
    expect(await outcome("--team", rejected.team)).toEqual({ code: 3, outcome: "rejected" });
    expect(await outcome("--session", expired.session)).toEqual({ code: 4, outcome: "expired" });
    expect(await outcome("--team", expired.team)).toEqual({ code: 4, outcome: "expired" });
  });

  test("ends when the approvers of a new team have accepted, or one has not", async () => {
    const team = await invitedTeam();
    const running = cli.start(["wait", "--team", team, "--timeout", "60s"]);
    for (const person of PEOPLE) cli.emulator.answerInvitation(team, person, "ACCEPTED");
    expect(await running.result).toMatchObject({ code: 0, stdout: `${team}: granted (ACTIVE)\n` });
    const refused = await invitedTeam();
    cli.emulator.answerInvitation(refused, "carol", "REJECTED");
    expect(await outcome("--team", refused)).toEqual({ code: 3, outcome: "rejected" });
    expect(await outcome("--team", `${team}x`)).toEqual({ code: 0, outcome: "granted" });
  });

  test("takes one of request, team and session, by their ARNs", async () => {
    const { team, session } = await votingTeam();
    expect(await cli.run(["wait", "--team", team, "--session", session])).toMatchObject({ code: 2 });
    expect(await cli.run(["wait", "--team", session])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("It must be the ARN of an approval team."),
    });
  });
});
