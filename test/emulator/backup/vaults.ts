/** Backup vaults for tests to work on, each with a name of its own. */
import {
  AssociateBackupVaultMpaApprovalTeamCommand,
  BackupClient,
  CreateLogicallyAirGappedBackupVaultCommand,
  CreateRestoreAccessBackupVaultCommand,
} from "@aws-sdk/client-backup";
import type { Harness } from "../harness";
import { activeTeam, type Team } from "../mpa/approvalTeams";

let vaults = 0;
export const freshName = () => `vault-${++vaults}`;

/** What a client of an account is answered; errors are AWS's. */
export async function asAccount<T>(
  { emulator }: Pick<Harness, "emulator">,
  account: string,
  act: (client: BackupClient) => Promise<T>,
): Promise<T> {
  const client = new BackupClient({
    endpoint: emulator.endpoint,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId: account, secretAccessKey: "secret" },
  });
  try {
    return await act(client);
  } finally {
    client.destroy();
  }
}

export interface Vault {
  readonly account: string;
  readonly name: string;
  readonly arn: string;
}

/** A logically air-gapped vault without a team. */
export async function airGappedVault(harness: Pick<Harness, "emulator">, account: string): Promise<Vault> {
  const name = freshName();
  const input = { BackupVaultName: name, MinRetentionDays: 7, MaxRetentionDays: 30 };
  const { BackupVaultArn: arn = "" } = await asAccount(harness, account, (client) =>
    client.send(new CreateLogicallyAirGappedBackupVaultCommand(input)),
  );
  return { account, name, arn };
}

/** A vault with a team that can vote. */
export async function protectedVault(harness: Harness): Promise<Vault & { team: Team }> {
  const team = await activeTeam(harness);
  const vault = await airGappedVault(harness, team.account);
  await associate(harness, vault, team.arn);
  return { ...vault, team };
}

export const associate = (
  harness: Pick<Harness, "emulator">,
  { account, name }: Vault,
  MpaApprovalTeamArn: string,
) =>
  asAccount(harness, account, (client) =>
    client.send(
      new AssociateBackupVaultMpaApprovalTeamCommand({ BackupVaultName: name, MpaApprovalTeamArn }),
    ),
  );

/** A restore-access vault in a recovery account, which waits for votes. */
export async function restoreAccess(
  harness: Pick<Harness, "emulator">,
  { arn: SourceBackupVaultArn }: Vault,
  account: string,
): Promise<Vault & { session: string }> {
  const command = new CreateRestoreAccessBackupVaultCommand({
    SourceBackupVaultArn,
    BackupVaultName: freshName(),
  });
  const { RestoreAccessBackupVaultName: name = "", RestoreAccessBackupVaultArn: arn = "" } = await asAccount(
    harness,
    account,
    (client) => client.send(command),
  );
  const session = harness.emulator.store.backupVaults.get(arn)?.session?.arn ?? "";
  return { account, name, arn, session };
}
