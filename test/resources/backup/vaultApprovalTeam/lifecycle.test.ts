// What a vault adds to the lifecycle of all bindings, test/resources/binding.

import type { Call, Fault } from "../../../../src/emulator";
import { vaultApprovalTeamLifecycle } from "../../../../src/resources/backup/vaultApprovalTeam/lifecycle";
import { protectedVault, type Vault } from "../../../emulator/backup/vaults";
import { useHarness } from "../../../emulator/harness";
import type { Team } from "../../../emulator/mpa/approvalTeams";
import { served } from "../../../provider/served";

let onCall: ((call: Call) => Fault | undefined) | undefined;
const harness = useHarness({ intercept: (call) => onCall?.(call) });
let vault: Vault & { team: Team };
beforeEach(async () => {
  vault = await protectedVault(harness());
});
afterEach(() => {
  onCall = undefined;
});

const inputsOf = (more: object = {}) => ({
  __provider: "text",
  origin: "org/proj/dev::protection",
  backupVaultName: vault.name,
  mpaApprovalTeamArn: vault.team.arn,
  ...more,
});
const provider = () =>
  served(vaultApprovalTeamLifecycle, harness().emulator, harness().clock, {
    account: vault.account,
    "aws:maxRetries": "1",
  });
const create = async (more: object = {}) => (await (await provider()).create(inputsOf(more))).outs ?? {};

test("create needs the vault", async () => {
  await expect(create({ backupVaultName: "nowhere" })).rejects.toThrow(/the backup vault does not exist/);
});

const DENIED = { error: { status: 403, code: "AccessDeniedException" } };

test("an AccessDenied is not gone while the list has the vault, or is denied too", async () => {
  const outs = await create();
  const read = async () => (await provider()).read(vault.arn, outs);
  onCall = ({ operation }) => (operation === "DescribeBackupVault" ? DENIED : undefined);
  await expect(read()).rejects.toThrow(/AccessDenied/);
  onCall = ({ operation }) => (/Describe|ListBackup/.test(operation) ? DENIED : undefined);
  await expect(read()).rejects.toThrow(/DescribeBackupVault/);
  onCall = ({ operation }) => (operation === "DescribeBackupVault" ? DENIED : undefined);
  (harness().emulator.store.backupVaults as Map<string, unknown>).delete(vault.arn);
  expect(await read()).toEqual({ id: "", props: {} });
});

test("another vault replaces, and the members of the team vote about the first one", async () => {
  const log = jest.spyOn(console, "log").mockImplementation();
  const outs = await create();
  const { replaces } = await (await provider()).diff(
    vault.arn,
    outs,
    inputsOf({ backupVaultName: "another" }),
  );
  expect(replaces).toEqual(["backupVaultName"]);
  expect(log.mock.calls.flat()).toEqual([
    "VaultApprovalTeam protection: the members of its current team will vote on removing the team from the vault (changed: backupVaultName).",
  ]);
  log.mockRestore();
});
