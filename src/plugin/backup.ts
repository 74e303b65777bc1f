import type * as pulumi from "@pulumi/pulumi";
import { restoreAccessVault } from "../resources/backup/restoreAccessVault/properties";
import type { RestoreAccessVaultOutputs } from "../resources/backup/restoreAccessVault/resource";
import { vaultApprovalTeam } from "../resources/backup/vaultApprovalTeam/properties";
import type { VaultApprovalTeamOutputs } from "../resources/backup/vaultApprovalTeam/resource";
import { pluginResource, type ResourceArgs } from "./pluginResource";

/** Arguments of a {@link VaultApprovalTeam}. How long to wait for AWS, the option `customTimeouts` says. */
export interface VaultApprovalTeamArgs extends ResourceArgs<typeof vaultApprovalTeam> {}

/**
 * The approval team of a logically air-gapped vault, made by the plugin. It is the `backup.VaultApprovalTeam` of
 * `pulumi-aws-approvals` in all that it does, and can be imported by the vault's ARN: `{ import: arn }`.
 */
export class VaultApprovalTeam extends pluginResource<VaultApprovalTeamArgs, VaultApprovalTeamOutputs>(
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

/** Arguments of a {@link RestoreAccessVault}. How long to wait for AWS, the option `customTimeouts` says. */
export interface RestoreAccessVaultArgs extends ResourceArgs<typeof restoreAccessVault> {}

/**
 * A vault through which a recovery account restores from another, made by the plugin. It is the `backup.RestoreAccessVault`
 * of `pulumi-aws-approvals` in all that it does, and can be imported: `{ import: arn }`.
 */
export class RestoreAccessVault extends pluginResource<RestoreAccessVaultArgs, RestoreAccessVaultOutputs>(
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
