import type * as pulumi from "@pulumi/pulumi";
import { dynamicResource, type ResourceArgs } from "../../../program/dynamicResource";
import type { OutputsOf } from "../../../program/types";
import { restoreAccessVault } from "./properties";

/** Arguments of a {@link RestoreAccessVault}. */
export interface RestoreAccessVaultArgs extends ResourceArgs<typeof restoreAccessVault> {}

/** Outputs of a {@link RestoreAccessVault}. */
export interface RestoreAccessVaultOutputs extends OutputsOf<typeof restoreAccessVault> {}

/**
 * A vault of AWS Backup through which a recovery account restores from a logically air-gapped vault, whose approval team
 * must agree.
 *
 * `pulumi up` in the recovery account asks the team, whose members vote for 24 hours, and does not wait for them: a refresh
 * shows what became of it. When they do not agree, the vault is `FAILED`, and stays so until `generation` asks again.
 * Deleting acts in the recovery account, and asks nobody. To revoke the access is an action of the owner's account, about
 * which the team votes too, and which no resource does: `aws backup revoke-restore-access-backup-vault`. The vault is gone
 * then, a refresh shows that, and the next `up` would ask for another. Needs `@aws-sdk/client-backup` among the program's
 * dependencies.
 *
 * Source: `backup:CreateRestoreAccessBackupVault`, `DescribeBackupVault`, `DeleteBackupVault`.
 *
 * @example
 * import * as pulumi from "@pulumi/pulumi";
 * import { backup } from "pulumi-aws-approvals";
 *
 * const config = new pulumi.Config();
 * const access = new backup.RestoreAccessVault("access", {
 *   sourceBackupVaultArn: config.require("vaultArn"),
 *   requesterComment: "Restore test of the fourth quarter",
 * });
 * export const session = access.mpaSessionArn;
 */
export class RestoreAccessVault extends dynamicResource<RestoreAccessVaultArgs, RestoreAccessVaultOutputs>(
  restoreAccessVault,
) {
  /**
   * Refers to a vault that this stack does not manage. It is read, and never deleted.
   * @throws at preview and up when it does not exist
   */
  static get(
    name: string,
    arn: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): RestoreAccessVault {
    return new RestoreAccessVault(name, undefined, { ...opts, id: arn });
  }
}
