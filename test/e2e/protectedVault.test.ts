// examples/protected-vault, from the invitations of its team to the end.
import { resolve } from "node:path";
import { mpa } from "../../src";
import { type TestStack, testStack } from "../../src/testing";
import { event, SESSION } from "../mailbox/approvalEvents";
import { exampleProgram } from "./exampleProgram";

const RECOVERY = "333333333333";
const VAULT_OWNER = "444455556666";
const IDS = [1, 2, 3].map((digit) => `00000000-0000-0000-0000-00000000000${digit}`);
const [ALICE = "", BOB = "", CAROL = ""] = IDS;
const EXAMPLE = resolve(__dirname, "../../examples/protected-vault/index.ts");

let stack: TestStack;
beforeAll(async () => {
  stack = await testStack<unknown>({
    program: exampleProgram(EXAMPLE),
    project: "protected-vault",
    inlineProvider: true,
    config: {
      "protected-vault:recovery": JSON.stringify({ accessKey: RECOVERY, secretKey: "x" }),
      "protected-vault:vaultAccounts": JSON.stringify([VAULT_OWNER]),
      "protected-vault:events": "true",
    },
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

test("the rule of the events lets through what mpa.parseEvent reads", async () => {
  await whileTheyAgree(() => stack.up());
  const { eventPattern } = stack.resource("approvals", "EventRule").outputs;
  const { arn } = stack.resource("approvals", "EventTarget").outputs;
  expect(stack.outputs()).toMatchObject({ eventsTopicArn: arn });
  const told = event("SessionExpiration", SESSION, { sessionStatus: "FAILED", sessionStatusCode: "EXPIRED" });
  const calledFor = event(
    "CancelSession",
    SESSION,
    { sessionStatus: "CANCELLED" },
    { eventType: "AwsApiCall" },
  );
  for (const [one, kind] of [
    [told, "session"],
    [calledFor, "unrecognized"],
  ] as const) {
    expect(matches(JSON.parse(String(eventPattern)), one)).toBe(kind === "session");
    expect(mpa.parseEvent(JSON.stringify(one))).toMatchObject({ kind });
  }
});

/** Whether an event matches a pattern of EventBridge that lists values. */
const matches = (pattern: object, of: object): boolean =>
  Object.entries(pattern).every(([key, wanted]) => {
    const value = (of as Record<string, unknown>)[key];
    return Array.isArray(wanted) ? wanted.includes(value) : matches(wanted, Object(value));
  });

test("two of three votes let the recovery account restore, and the members agree to the end of it all", async () => {
  await whileTheyAgree(() => stack.up());
  expect(vault()).toMatchObject({ account: RECOVERY, state: "CREATING" });
  expect(vault()?.source?.team?.approvers.map(({ identityId }) => identityId)).toEqual(IDS);

  const { arn: teamArn } = [...stack.emulator.store.approvalTeams.values()][0] ?? {};
  expect(stack.resource("restores", "aws:ram/resourceAssociation:ResourceAssociation").outputs).toMatchObject(
    {
      resourceArn: teamArn,
      resourceShareArn: stack.resource("restores", "aws:ram/resourceShare:ResourceShare").outputs["arn"],
    },
  );
  expect(stack.resource(VAULT_OWNER).outputs).toMatchObject({ principal: VAULT_OWNER });

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
