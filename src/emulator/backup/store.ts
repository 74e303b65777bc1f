import type { Caller } from "../caller";
import type { BackupVault } from "./vault";
import { notFound } from "./vault";

/** Where a vault's name is unique. */
interface Place {
  readonly caller: Caller;
  readonly region: string;
}

/** The state of AWS Backup. */
export class BackupStore {
  /** By ARN, oldest first. */
  readonly vaults = new Map<string, BackupVault>();

  lookUp(name: string, { caller, region }: Place): BackupVault | undefined {
    return this.vaults.get(arnOf(name, { caller, region }));
  }

  find(name: string, place: Place): BackupVault {
    const vault = this.lookUp(name, place);
    if (vault === undefined) throw notFound(`Backup vault ${name}`);
    return vault;
  }

  /** Those of the caller, oldest first. */
  of({ caller, region }: Place): readonly BackupVault[] {
    return [...this.vaults.values()].filter(
      (vault) => vault.account === caller.account && vault.region === region,
    );
  }
}

export const arnOf = (name: string, { caller, region }: Place): string =>
  `arn:aws:backup:${region}:${caller.account}:backup-vault:${name}`;
