/** Approval teams for tests to work on, each in an account of its own. */
import { arnOf, type Harness } from "../harness";
import { created as createdSource } from "./identitySources";

export const PEOPLE = ["alice", "bob", "carol"];
export const POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault";

export const approvers = (account: string, people: readonly string[] = PEOPLE) =>
  people.map((PrimaryIdentityId) => ({ PrimaryIdentityId, PrimaryIdentitySourceArn: arnOf(account) }));

/** The input of a create. */
export const teamOf = (account: string, more: object = {}) => ({
  Name: "ops",
  Description: "Decides about restores",
  ApprovalStrategy: { MofN: { MinApprovalsRequired: 2 } },
  Approvers: approvers(account),
  Policies: [{ PolicyArn: `${POLICY}/$DEFAULT` }],
  ...more,
});

export const teamPath = (arn: string, rest = "") => `/approval-teams/${encodeURIComponent(arn)}${rest}`;
export const createTeam = ({ mpa }: Harness, account: string, more: object = {}) =>
  mpa(account, "POST", "/approval-teams", teamOf(account, more));

export interface Team {
  readonly account: string;
  readonly arn: string;
  readonly versionId: string;
}

/** An account with an ACTIVE identity source. */
export async function accountWithSource(harness: Harness): Promise<string> {
  const account = await createdSource(harness);
  harness.clock.advance("1s");
  return account;
}

/** A team whose members are invited. */
export async function invitedTeam(harness: Harness, more: object = {}): Promise<Team> {
  const account = await accountWithSource(harness);
  const { status, body } = await createTeam(harness, account, more);
  expect(status).toBe(200);
  harness.clock.advance("1s");
  return { account, arn: String(body["Arn"]), versionId: String(body["VersionId"]) };
}

/** A team whose members have accepted. */
export async function activeTeam(harness: Harness, more: object = {}): Promise<Team> {
  const team = await invitedTeam(harness, more);
  const { approvers: members = [] } = harness.emulator.store.approvalTeams.get(team.arn) ?? {};
  for (const { identityId } of members) harness.emulator.answerInvitation(team.arn, identityId, "ACCEPTED");
  return team;
}

/** A team whose creation has failed. */
export async function inactiveTeam(harness: Harness): Promise<Team> {
  const team = await invitedTeam(harness);
  harness.emulator.answerInvitation(team.arn, "alice", "REJECTED");
  return team;
}

export const getTeam = async ({ mpa }: Harness, { account, arn }: Team) =>
  (await mpa(account, "GET", teamPath(arn))).body;

/** Asks for a change of the description. @returns the session */
export async function startUpdate(harness: Harness, team: Team, change: object = {}): Promise<string> {
  const body = { Description: "Decides about all of it", ...change };
  const { status } = await harness.mpa(team.account, "PATCH", teamPath(team.arn), body);
  expect(status).toBe(200);
  return String((await getTeam(harness, team))["UpdateSessionArn"]);
}

/** Asks for the deletion. @returns the session */
export async function startDeletion(harness: Harness, team: Team, body: object = {}): Promise<string> {
  const { status } = await harness.mpa(team.account, "POST", teamPath(team.arn, "?Delete="), body);
  expect(status).toBe(200);
  return String((await getTeam(harness, team))["UpdateSessionArn"]);
}

/** Members vote. */
export function vote(
  { emulator }: Harness,
  session: string,
  response: "APPROVED" | "REJECTED",
  ...people: string[]
): void {
  for (const person of people) emulator.vote(session, person, response);
}
