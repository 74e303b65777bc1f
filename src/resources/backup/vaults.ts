import type { BackupClient, DescribeBackupVaultCommandOutput } from "@aws-sdk/client-backup";
import { regionOf } from "../../aws/arn";
import type { AwsClients } from "../../aws/clients";
import { call, hasCode, ReadableError } from "../../aws/errors";
import { isInstalled } from "../../aws/installed";
import { pagesOf } from "../../aws/pages";
import type { Context } from "../../provider/lifecycle";

type BackupModule = typeof import("@aws-sdk/client-backup");
export type Vault = DescribeBackupVaultCommandOutput;

const PACKAGE = "@aws-sdk/client-backup";

/**
 * The AWS SDK's client of AWS Backup. Only who has resources of this service needs to install it.
 * @throws ReadableError when it is not installed
 */
async function loadBackup(): Promise<BackupModule> {
  try {
    return await import("@aws-sdk/client-backup");
  } catch (error) {
    // The archive of the plugin has it, and installs nothing.
    if (isInstalled(PACKAGE)) throw error;
    throw new ReadableError(
      "AWS Backup",
      `the package ${PACKAGE} is not installed. Add it to the program's dependencies: npm install ${PACKAGE}`,
    );
  }
}

/** Vaults of one account and region. */
export class Vaults {
  private constructor(
    readonly client: BackupClient,
    readonly module: BackupModule,
  ) {}

  /** @param region without it, the configured one */
  static async open(aws: AwsClients, region?: string): Promise<Vaults> {
    const module = await loadBackup();
    return new Vaults(await aws.client("backup", async () => module.BackupClient, region), module);
  }

  /** @param resource for messages */
  async find(name: string, resource: string): Promise<Vault | undefined> {
    const command = new this.module.DescribeBackupVaultCommand({ BackupVaultName: name });
    try {
      return await call("backup:DescribeBackupVault", resource, () => this.client.send(command));
    } catch (error) {
      if (hasCode(error, "ResourceNotFound")) return undefined;
      // AWS Backup says so of a vault that does not exist, too, which then is not in the list.
      if (hasCode(error, "AccessDenied") && (await this.isMissing(name, resource))) return undefined;
      throw error;
    }
  }

  /** False when the list is denied as well. */
  private async isMissing(name: string, resource: string): Promise<boolean> {
    try {
      const vaults = await pagesOf(async (NextToken) => {
        const command = new this.module.ListBackupVaultsCommand({ NextToken });
        const page = await call("backup:ListBackupVaults", resource, () => this.client.send(command));
        return { items: page.BackupVaultList, NextToken: page.NextToken };
      });
      return !vaults.some(({ BackupVaultName }) => BackupVaultName === name);
    } catch (error) {
      if (hasCode(error, "AccessDenied")) return false;
      throw error;
    }
  }
}

/** The vault with the ARN, where it is, and what messages call its resource. */
export async function findVault(
  type: string,
  { id, name, context }: { id: string; name: string; context: Context },
): Promise<{ vaults: Vaults; vault: Vault | undefined; resource: string }> {
  const resource = `${type} ${name}`;
  const vaults = await Vaults.open(context.aws, regionOf(id));
  return { vaults, vault: await vaults.find(nameOf(id), resource), resource };
}

/** The name in the ARN of a vault, or the name itself. */
export const nameOf = (id: string): string => id.slice(id.lastIndexOf(":") + 1);
