// examples/protected-vault, from the invitations of its team to the end.
import { resolve } from "node:path";
import { type TestStack, testStack } from "../../src/testing";
import { exampleProgram } from "./exampleProgram";

const RECOVERY = "333333333333";
const IDS = [1, 2, 3].map((digit) => `00000000-0000-0000-0000-00000000000${digit}`);
const [ALICE = "", BOB = "", CAROL = ""] = IDS;
const EXAMPLE = resolve(__dirname, "../../examples/protected-vault/index.ts");

let stack: TestStack;
beforeAll(async () => {
  stack = await testStack<unknown>({
    program: exampleProgram(EXAMPLE),
    project: "protected-vault",
    inlineProvider: true,
    config: { "protected-vault:recovery": JSON.stringify({ accessKey: RECOVERY, secretKey: "x" }) },
  });
  for (const [index, userName] of ["alice", "bob", "carol"].entries())
    stack.emulator.users.push({
      identityStoreId: "d-1234567890",
      userId: IDS[index] ?? "",
      userName,
    });
});
afterAll(() => stack?.close());

/** Meanwhile people accept their invitations, and approve what is to be taken down. */
async function whileTheyAgree(act: () => Promise<unknown>): Promise<void> {
  const looking = setInterval(agree, 20);
  await act().finally(() => clearInterval(looking));
}

function agree(): void {
  const { approvalTeams, sessions } = stack.emulator.store;
  for (const { arn, statusCode, approvers } of approvalTeams.values())
    for (const { identityId, response } of approvers)
      if (statusCode === "PENDING_ACTIVATION" && response === "PENDING")
        stack.emulator.approver(identityId).accept(arn);
  for (const session of sessions.values())
    for (const { identityId } of session.votes)
      if (session.status === "PENDING" && session.actionName !== "backup:CreateRestoreAccessBackupVault")
        stack.emulator.approver(identityId).vote(session.arn, "APPROVE");
}

const vault = () => [...stack.emulator.store.backupVaults.values()].find(({ source }) => source);

test("two of three votes let the recovery account restore, and the members agree to the end of it all", async () => {
  await whileTheyAgree(() => stack.up());
  expect(vault()).toMatchObject({ account: RECOVERY, state: "CREATING" });
  expect(vault()?.source?.team?.approvers.map(({ identityId }) => identityId)).toEqual(IDS);

  const { accessSession } = stack.outputs() as { accessSession: string };
  stack.emulator.approver(ALICE).vote(accessSession, "APPROVE");
  stack.emulator.approver(BOB).vote(accessSession, "REJECT");
  stack.emulator.approver(CAROL).vote(accessSession, "APPROVE");
  await stack.refresh();
  await stack.up();
  expect(stack.outputs()).toMatchObject({ accessState: "AVAILABLE" });

  await whileTheyAgree(() => stack.destroy());
  const { backupVaults, approvalTeams, identitySources } = stack.emulator.store;
  expect([backupVaults.size, approvalTeams.size, identitySources.size]).toEqual([0, 0, 0]);
});
