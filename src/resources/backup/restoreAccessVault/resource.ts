import type * as pulumi from "@pulumi/pulumi";
import { dynamicResource, type ResourceArgs } from "../../../program/dynamicResource";
import type { OutputsOf } from "../../../program/types";
import { restoreAccessVault } from "./properties";

/** Arguments of a {@link RestoreAccessVault}. */
export interface RestoreAccessVaultArgs extends ResourceArgs<typeof restoreAccessVault> {}

/** Outputs of a {@link RestoreAccessVault}. */
export interface RestoreAccessVaultOutputs extends OutputsOf<typeof restoreAccessVault> {}

/**
 * A vault of AWS Backup through which a recovery account restores from a logically air-gapped vault. The approval team
 * of that vault must approve.
 *
 * `pulumi up` in the recovery account asks the team, whose members have 24 hours to vote, and does not wait for them. A
 * refresh shows the result. If they do not approve, the vault is `FAILED` until you change `generation` to ask again.
 * Deleting the resource acts in the recovery account and asks nobody. Only the owner's account can revoke the access,
 * on which the team votes too; no resource does this: use `aws backup revoke-restore-access-backup-vault`. The vault is
 * then deleted, a refresh shows that, and the next `up` would request another. Needs `@aws-sdk/client-backup` among the
 * program's dependencies.
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
