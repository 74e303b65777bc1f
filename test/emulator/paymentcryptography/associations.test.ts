import { useHarness } from "../harness";
import { activeTeam, type Team, vote } from "../mpa/approvalTeams";
import { ACTION, associated, call } from "./associations";

const harness = useHarness();

const ask = ({ account }: Team, operation: string, more: object = {}) =>
  call(harness(), account, operation, { Action: ACTION, ...more });
const get = (team: Team) => ask(team, "GetMpaTeamAssociation");
const sessionOf = (association: Record<string, unknown>) =>
  String((association["MpaStatus"] as { MpaSessionArn: string }).MpaSessionArn);

test("the first team is associated at once", async () => {
  const team = await associated(harness());
  expect(await get(team)).toEqual({ Action: ACTION, MpaTeamArn: team.arn, AssociationState: "ACTIVE" });
});

test("the present team decides about another in its place", async () => {
  const [team, other] = [await associated(harness()), await activeTeam(harness())];
  const pending = await ask(team, "AssociateMpaTeam", { MpaTeamArn: other.arn });
  expect(pending).toMatchObject({
    MpaTeamArn: team.arn,
    AssociationState: "UPDATE_PENDING",
    MpaStatus: { Status: "PENDING", InitiationDate: harness().clock.now().getTime() / 1000 },
  });
  vote(harness(), sessionOf(pending), "REJECTED", "alice", "bob");
  expect(await get(team)).toMatchObject({
    MpaTeamArn: team.arn,
    AssociationState: "ACTIVE",
    MpaStatus: { Status: "FAILED", StatusMessage: "REJECTED" },
  });
  const again = await ask(team, "AssociateMpaTeam", { MpaTeamArn: other.arn });
  vote(harness(), sessionOf(again), "APPROVED", "alice", "bob");
  expect(await get(team)).toMatchObject({ MpaTeamArn: other.arn, AssociationState: "ACTIVE" });
});

test("the present team decides whether there is none", async () => {
  const team = await associated(harness());
  const pending = await ask(team, "DisassociateMpaTeam");
  expect(pending).toMatchObject({ AssociationState: "DELETE_PENDING" });
  await expect(ask(team, "DisassociateMpaTeam")).rejects.toThrow("ConflictException");
  vote(harness(), sessionOf(pending), "APPROVED", "alice", "bob");
  await expect(get(team)).rejects.toThrow("ResourceNotFoundException");
});
