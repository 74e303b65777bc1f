import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator, type TestEmulator } from "../src/testing";
import { type EngineName, openEngine } from "./engines";

const OWNER = "000000000000";
const RECOVERY = "333333333333";
const userIdOf = (index: number) => `00000000-0000-0000-0000-00000000000${index}`;
const PEOPLE = ["alice", "bob", "carol"];
const nameOf = (userId: string) => PEOPLE.find((_, index) => userIdOf(index) === userId) ?? userId;

/**
 * Plays examples/protected-vault: three people form a team that protects a vault, and is shared with another account; after
 * a fire, two of their three votes let another account restore from it.
 */
export async function protectedVault(
  engine: EngineName | undefined,
  heading: (text: string) => void,
  closing: (() => Promise<void>)[],
): Promise<void> {
  const users = PEOPLE.map((userName, index) => ({
    identityStoreId: "d-1234567890",
    userId: userIdOf(index),
    userName,
  }));
  const emulator = await startEmulator({ users });
  closing.push(() => emulator.close());
  Object.assign(process.env, { AWS_ENDPOINT_URL: emulator.endpoint, AWS_ACCESS_KEY_ID: OWNER });
  const stack = await openEngine(engine, "protected-vault");
  closing.push(() => stack.close());

  await stack.setConfig("vaultAccounts", '["444455556666"]');
  await stack.setConfig("events", "true");
  heading("A vault that nobody restores from without two of three votes: people accept while up waits");
  await whilePeople(emulator, ["alice", "bob", "carol"], () => stack.up());

  heading("After a fire, another account asks for access");
  const credentials = { accessKey: RECOVERY, secretKey: "demo", allowedAccountIds: [RECOVERY] };
  await stack.setConfig("recovery", JSON.stringify(credentials), { secret: true });
  await stack.up();

  heading("Two of three vote, and a refresh shows it");
  const { accessSession } = (await stack.outputs()) as { accessSession: string };
  for (const [index, vote] of [
    [0, "APPROVE"],
    [1, "REJECT"],
    [2, "APPROVE"],
  ] as const) {
    emulator.approver(userIdOf(index)).vote(accessSession, vote);
    console.log(`  ${PEOPLE[index]} votes ${vote}.`);
  }
  await stack.refresh({ diff: true });
  console.log(`The restore-access vault is ${(await stack.resource("access"))["vaultState"]}.`);

  heading("Destroy: the members agree to lose the vault's team, and then theirs");
  await whilePeople(emulator, ["alice", "bob"], () => stack.destroy());
}

/** Does something while people answer what waits for them in the approval portal. */
async function whilePeople(
  emulator: TestEmulator,
  who: readonly string[],
  act: () => Promise<void>,
): Promise<void> {
  let isDone = false;
  const acting = act().finally(() => {
    isDone = true;
  });
  // The failure is that of the caller, below.
  acting.catch(() => undefined);
  while (!isDone) {
    for (const line of answer(emulator, who)) console.log(`  ${line}`);
    await sleep(50);
  }
  await acting;
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
