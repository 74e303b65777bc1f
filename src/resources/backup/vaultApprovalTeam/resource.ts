import type * as pulumi from "@pulumi/pulumi";
import { dynamicResource, type ResourceArgs } from "../../../program/dynamicResource";
import type { OutputsOf } from "../../../program/types";
import { vaultApprovalTeam } from "./properties";

/** Arguments of a {@link VaultApprovalTeam}. */
export interface VaultApprovalTeamArgs extends ResourceArgs<typeof vaultApprovalTeam> {}

/** Outputs of a {@link VaultApprovalTeam}. */
export interface VaultApprovalTeamOutputs extends OutputsOf<typeof vaultApprovalTeam> {}

/**
 * The approval team of a logically air-gapped vault of AWS Backup: its members decide who gets access to restore from
 * it.
 *
 * The first team is associated immediately. To replace or remove it, the members of the current team must vote, for
 * which they have 24 hours. During that time, `pendingMpaApprovalTeamArn` and `latestMpaApprovalTeamUpdate` show the
 * change, and it is not requested again. A refresh shows the result. Needs `@aws-sdk/client-backup` among the program's
 * dependencies.
 *
 * Source: `backup:AssociateBackupVaultMpaApprovalTeam`, `DisassociateBackupVaultMpaApprovalTeam`,
 * `DescribeBackupVault`, `mpa:GetSession`.
 *
 * @example
 * import * as aws from "@pulumi/aws";
 * import * as pulumi from "@pulumi/pulumi";
 * import { backup } from "pulumi-aws-approvals";
 *
 * const config = new pulumi.Config();
 * const vault = new aws.backup.LogicallyAirGappedVault("vault", { minRetentionDays: 7, maxRetentionDays: 30 });
 * const teamArn = config.require("teamArn");
 * new backup.VaultApprovalTeam("protection", { backupVaultName: vault.name, mpaApprovalTeamArn: teamArn }, { protect: true });
 */
export class VaultApprovalTeam extends dynamicResource<VaultApprovalTeamArgs, VaultApprovalTeamOutputs>(
  vaultApprovalTeam,
) {
  /**
   * Refers to the team of a vault that this stack does not manage. It is read, and never changed.
   *
   * @param arn of the vault
   * @throws at preview and up when the vault does not exist or has no team
   */
  static get(
    name: string,
    arn: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): VaultApprovalTeam {
    return new VaultApprovalTeam(name, undefined, { ...opts, id: arn });
  }
}
