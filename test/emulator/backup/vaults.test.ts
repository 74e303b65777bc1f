import {
  CreateRestoreAccessBackupVaultCommand,
  DescribeBackupVaultCommand,
  DisassociateBackupVaultMpaApprovalTeamCommand,
  ListBackupVaultsCommand,
  ListRestoreAccessBackupVaultsCommand,
  RevokeRestoreAccessBackupVaultCommand,
} from "@aws-sdk/client-backup";
import { CUSTOMER, useHarness } from "../harness";
import { activeTeam, vote } from "../mpa/approvalTeams";
import { airGappedVault, asAccount, associate, protectedVault, restoreAccess, type Vault } from "./vaults";

const harness = useHarness();

const describeVault = ({ account, name }: Vault) =>
  asAccount(harness(), account, (client) =>
    client.send(new DescribeBackupVaultCommand({ BackupVaultName: name })),
  );
const disassociate = ({ account, name }: Vault) =>
  asAccount(harness(), account, (client) =>
    client.send(new DisassociateBackupVaultMpaApprovalTeamCommand({ BackupVaultName: name })),
  );
const updateOf = async (vault: Vault) => {
  const { MpaApprovalTeamArn: team, LatestMpaApprovalTeamUpdate: update } = await describeVault(vault);
  return { team, status: update?.Status, session: update?.MpaSessionArn ?? "" };
};

describe("the team of a vault", () => {
  test("is associated at once when it is the first", async () => {
    const team = await activeTeam(harness());
    const vault = await airGappedVault(harness(), team.account);
    await associate(harness(), vault, team.arn);
    expect(await updateOf(vault)).toEqual({ team: team.arn, status: undefined, session: "" });
  });

  test("decides about another in its place", async () => {
    const vault = await protectedVault(harness());
    const other = await activeTeam(harness());
    await associate(harness(), vault, other.arn);
    const pending = await updateOf(vault);
    expect(pending).toMatchObject({ team: vault.team.arn, status: "PENDING" });
    const { LatestMpaApprovalTeamUpdate: update } = await describeVault(vault);
    expect(update?.InitiationDate).toEqual(harness().clock.now());
    vote(harness(), pending.session, "APPROVED", "alice", "bob");
    expect(await updateOf(vault)).toMatchObject({ team: other.arn, status: "APPROVED" });
  });

  test("stays when it rejects another, and when it is silent for a day", async () => {
    const vault = await protectedVault(harness());
    const other = await activeTeam(harness());
    await associate(harness(), vault, other.arn);
    vote(harness(), (await updateOf(vault)).session, "REJECTED", "alice", "bob");
    expect(await updateOf(vault)).toMatchObject({ team: vault.team.arn, status: "FAILED" });
    await associate(harness(), vault, other.arn);
    harness().clock.advance("25h");
    expect(await updateOf(vault)).toMatchObject({ team: vault.team.arn, status: "FAILED" });
  });

  test("decides whether the vault is left without one", async () => {
    const vault = await protectedVault(harness());
    await disassociate(vault);
    const { session } = await updateOf(vault);
    vote(harness(), session, "APPROVED", "alice", "bob");
    expect(await updateOf(vault)).toMatchObject({ team: undefined, status: "APPROVED" });
  });
});

describe("restore access", () => {
  test("is given when the team approves", async () => {
    const vault = await protectedVault(harness());
    const access = await restoreAccess(harness(), vault, CUSTOMER);
    expect(await describeVault(access)).toMatchObject({
      VaultState: "CREATING",
      VaultType: "RESTORE_ACCESS_BACKUP_VAULT",
      SourceBackupVaultArn: vault.arn,
      MpaSessionArn: access.session,
    });
    vote(harness(), access.session, "APPROVED", "alice", "bob");
    expect((await describeVault(access)).VaultState).toBe("AVAILABLE");
    const { BackupVaultList } = await asAccount(harness(), CUSTOMER, (client) =>
      client.send(new ListBackupVaultsCommand({ ByVaultType: "RESTORE_ACCESS_BACKUP_VAULT" })),
    );
    expect(BackupVaultList).toMatchObject([{ BackupVaultName: access.name }]);
  });

  test("is refused when the team rejects it", async () => {
    const access = await restoreAccess(harness(), await protectedVault(harness()), CUSTOMER);
    vote(harness(), access.session, "REJECTED", "alice", "bob");
    expect((await describeVault(access)).VaultState).toBe("FAILED");
  });

  test("is asked for once with one CreatorRequestId", async () => {
    const { arn: SourceBackupVaultArn } = await protectedVault(harness());
    const ask = () =>
      asAccount(harness(), CUSTOMER, (client) =>
        client.send(
          new CreateRestoreAccessBackupVaultCommand({ SourceBackupVaultArn, CreatorRequestId: "one" }),
        ),
      );
    const [first, second] = [await ask(), await ask()];
    expect(second.RestoreAccessBackupVaultArn).toBe(first.RestoreAccessBackupVaultArn);
  });

  test("is revoked by the owner when the team approves", async () => {
    const vault = await protectedVault(harness());
    const access = await restoreAccess(harness(), vault, CUSTOMER);
    vote(harness(), access.session, "APPROVED", "alice", "bob");
    const input = { BackupVaultName: vault.name, RestoreAccessBackupVaultArn: access.arn };
    const list = () =>
      asAccount(harness(), vault.account, (client) =>
        client.send(new ListRestoreAccessBackupVaultsCommand({ BackupVaultName: vault.name })),
      );
    await asAccount(harness(), vault.account, (client) =>
      client.send(new RevokeRestoreAccessBackupVaultCommand(input)),
    );
    const [listed] = (await list()).RestoreAccessBackupVaults ?? [];
    expect(listed).toMatchObject({ VaultState: "AVAILABLE", LatestRevokeRequest: { Status: "PENDING" } });
    vote(harness(), listed?.LatestRevokeRequest?.MpaSessionArn ?? "", "APPROVED", "alice", "bob");
    expect((await list()).RestoreAccessBackupVaults).toEqual([]);
    await expect(describeVault(access)).rejects.toThrow("cannot be found");
  });
});
