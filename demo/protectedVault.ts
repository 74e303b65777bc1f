import { setTimeout as sleep } from "node:timers/promises";
import type { TestEmulator } from "../src/testing";
import type { Result } from "./engines";
import type { Stage } from "./stage";
import { STORY } from "./story";

const RECOVERY = "333333333333";
const userIdOf = (index: number) => `00000000-0000-0000-0000-00000000000${index}`;
const PEOPLE = ["alice", "bob", "carol"];
const nameOf = (userId: string) => PEOPLE.find((_, index) => userIdOf(index) === userId) ?? userId;
const TOLD = STORY["protected-vault"];

/**
 * Plays examples/protected-vault: three people form a team that protects a vault, and is shared with another account; after
 * a fire, two of their three votes let another account restore from it.
 */
export async function protectedVault(stage: Stage): Promise<void> {
  const users = PEOPLE.map((userName, index) => ({
    identityStoreId: "d-1234567890",
    userId: userIdOf(index),
    userName,
  }));
  const cloud = await stage.openCloud({ users });
  const config = { vaultAccounts: '["444455556666"]', events: "true" };
  const engine = await stage.openEngine("protected-vault", config);
  const whileTheyAnswer = (who: readonly string[], act: () => Promise<Result>) =>
    whilePeople(cloud, who, (line) => stage.show(line), act);

  stage.step(TOLD.form);
  stage.showResult(await whileTheyAnswer(PEOPLE, () => engine.up()), ["approvalPortalUrl"]);

  stage.step(TOLD.ask);
  const credentials = { accessKey: RECOVERY, secretKey: "demo", allowedAccountIds: [RECOVERY] };
  await engine.setConfig("recovery", JSON.stringify(credentials), { secret: true });
  const asked = await engine.up();
  stage.showResult(asked, ["accessState"]);

  stage.step(TOLD.vote);
  const { accessSession } = asked.outputs as { accessSession: string };
  for (const [index, vote] of [
    [0, "APPROVE"],
    [1, "REJECT"],
    [2, "APPROVE"],
  ] as const) {
    cloud.approver(userIdOf(index)).vote(accessSession, vote);
    stage.show(`${PEOPLE[index]} votes ${vote}.`);
  }
  stage.showResult(await engine.up({ refresh: true }), ["accessState"]);

  stage.step(TOLD.destroy);
  stage.showResult(await whileTheyAnswer(["alice", "bob"], () => engine.destroy()));
}

/** Does something while people answer what waits for them in the approval portal. */
async function whilePeople(
  emulator: TestEmulator,
  who: readonly string[],
  show: (line: string) => void,
  act: () => Promise<Result>,
): Promise<Result> {
  let isDone = false;
  const acting = act().finally(() => {
    isDone = true;
  });
  // The failure is that of the caller, below.
  acting.catch(() => undefined);
  while (!isDone) {
    for (const line of answer(emulator, who)) show(line);
    await sleep(50);
  }
  return acting;
}

function* answer({ store, approver }: TestEmulator, who: readonly string[]): Generator<string> {
  for (const team of store.approvalTeams.values()) {
    if (team.statusCode !== "PENDING_ACTIVATION") continue;
    for (const { identityId, response } of team.approvers) {
      if (response !== "PENDING" || !who.includes(nameOf(identityId))) continue;
      approver(identityId).accept(team.arn);
      yield `${nameOf(identityId)} accepts the invitation.`;
    }
  }
  for (const session of store.sessions.values()) {
    for (const { identityId, response } of session.votes) {
      const isOpen = session.status === "PENDING" && response === "NO_RESPONSE";
      if (!isOpen || !who.includes(nameOf(identityId))) continue;
      approver(identityId).vote(session.arn, "APPROVE");
      yield `${nameOf(identityId)} approves ${session.actionName}.`;
    }
  }
}
