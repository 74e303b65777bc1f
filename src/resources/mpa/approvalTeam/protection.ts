import type { AwsClients } from "../../../aws/clients";
import { call, hasCode, ReadableError } from "../../../aws/errors";
import { loadPaymentCryptography } from "../../../aws/paymentCryptography";
import { Vaults } from "../../backup/vaults";
import { teamAssociation } from "../../paymentcryptography/teamAssociation/properties";

/** A look-up that nothing depends on must not hold a deletion up, as where a network lets nobody reach a service. */
const TIMEOUT_MS = 10_000;

/**
 * What the team protects in the account and region of the configuration, as far as the caller may see it. AWS deletes a team
 * whatever it protects, so who deletes it should know.
 */
export async function findProtected(team: string, aws: AwsClients): Promise<string[]> {
  const resource = `ApprovalTeam ${team}`;
  const options = { abortSignal: AbortSignal.timeout(TIMEOUT_MS) };
  const found = [findVaults, findActions].map(async (find) => {
    try {
      return await find(team, resource, aws, options);
    } catch (error) {
      if (error instanceof ReadableError) return [];
      throw error;
    }
  });
  return (await Promise.all(found)).flat();
}

interface Options {
  abortSignal: AbortSignal;
}

async function findVaults(
  team: string,
  resource: string,
  aws: AwsClients,
  options: Options,
): Promise<string[]> {
  const { client, module } = await Vaults.open(aws);
  const isProtected = async (BackupVaultName: string | undefined) => {
    const command = new module.DescribeBackupVaultCommand({ BackupVaultName });
    const vault = await call("backup:DescribeBackupVault", resource, () => client.send(command, options));
    return vault.MpaApprovalTeamArn === team;
  };
  const list = { ByVaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" } as const;
  return call("backup:ListBackupVaults", resource, async () => {
    const found: string[] = [];
    for await (const { BackupVaultList = [] } of module.paginateListBackupVaults({ client }, list, options))
      for (const { BackupVaultName, BackupVaultArn } of BackupVaultList)
        if (await isProtected(BackupVaultName)) found.push(`the vault ${BackupVaultArn}`);
    return found;
  });
}

async function findActions(
  team: string,
  resource: string,
  aws: AwsClients,
  options: Options,
): Promise<string[]> {
  const module = loadPaymentCryptography();
  const client = await aws.client("paymentcryptography", async () => module.PaymentCryptographyClient);
  const found = teamAssociation.inputs.action.enum.map(async (Action) => {
    const command = new module.GetMpaTeamAssociationCommand({ Action });
    try {
      const answer = await call("payment-cryptography:GetMpaTeamAssociation", resource, () =>
        client.send(command, options),
      );
      const isProtected = answer.MpaTeamAssociation?.MpaTeamArn === team;
      return isProtected ? [`${Action} of AWS Payment Cryptography`] : [];
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return [];
      throw error;
    }
  });
  return (await Promise.all(found)).flat();
}
