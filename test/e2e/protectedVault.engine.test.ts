// examples/protected-vault on Pulumi's own engine, from the invitations of its team to the end, with each front.

import { resolve } from "node:path";
import { systemClock } from "../../src/clock";
import { AwsFixture, SECRET_KEY } from "./awsFixture";
import { type Operation, pulumi, type RealStack } from "./engines";
import { exampleProgram } from "./exampleProgram";
import { integrityErrors } from "./integrity";

const EXAMPLE = resolve(__dirname, "../../examples/protected-vault/index.ts");
const RECOVERY = "333333333333";
const [ALICE = "", BOB = "", CAROL = ""] = [1, 2, 3].map(
  (digit) => `00000000-0000-0000-0000-00000000000${digit}`,
);

let fixture: AwsFixture;
let stack: RealStack;
beforeEach(async () => {
  fixture = await AwsFixture.open({ clock: systemClock });
  for (const [userName, userId] of Object.entries({ alice: ALICE, bob: BOB, carol: CAROL }))
    fixture.emulator.users.push({ identityStoreId: "d-1234567890", userId, userName });
});
afterEach(async () => {
  await stack?.close();
  await fixture?.close();
});

const run = async (operation: Operation, options?: { refresh: true }) => {
  const { errors } = await stack.run(operation, options);
  expect(errors).toEqual([]);
  expect(integrityErrors(await stack.state(), [SECRET_KEY])).toEqual([]);
};
const output = async (name: string) => (await stack.outputs())[name]?.value;

test.each([
  ["the dynamic provider", {}],
  ["the plugin", { "pulumi-aws-approvals": "pulumi-aws-approvals/plugin" }],
])("two of three votes let the recovery account restore, with %s", async (_, instead) => {
  const config = {
    "protected-vault:vaultAccounts": JSON.stringify(["444455556666"]),
    "protected-vault:events": "true",
  };
  const recovery = JSON.stringify({ accessKey: RECOVERY, secretKey: "x" });
  stack = await pulumi.open({ program: exampleProgram(EXAMPLE, instead), env: fixture.env, config });
  fixture.approversAgree = true;
  await run("up");

  fixture.approversAgree = false;
  await stack.configure({ ...config, "protected-vault:recovery": recovery });
  await run("up");
  expect(await output("accessState")).toBe("CREATING");
  const session = String(await output("accessSession"));
  fixture.emulator.approver(ALICE).vote(session, "APPROVE");
  fixture.emulator.approver(BOB).vote(session, "REJECT");
  fixture.emulator.approver(CAROL).vote(session, "APPROVE");
  await run("up", { refresh: true });
  expect(await output("accessState")).toBe("AVAILABLE");

  fixture.approversAgree = true;
  await run("destroy");
  const { backupVaults, approvalTeams, identitySources } = fixture.emulator.store;
  expect([backupVaults.size, approvalTeams.size, identitySources.size]).toEqual([0, 0, 0]);
});
