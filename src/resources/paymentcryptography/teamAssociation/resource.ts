import type * as pulumi from "@pulumi/pulumi";
import { dynamicResource, type ResourceArgs } from "../../../program/dynamicResource";
import type { OutputsOf } from "../../../program/types";
import { teamAssociation } from "./properties";

/** Arguments of a {@link TeamAssociation}. */
export interface TeamAssociationArgs extends ResourceArgs<typeof teamAssociation> {}

/** Outputs of a {@link TeamAssociation}. */
export interface TeamAssociationOutputs extends OutputsOf<typeof teamAssociation> {}

/**
 * The approval team of an operation of AWS Payment Cryptography: its members decide who may import a root certificate
 * into the account. An account has one in each region.
 *
 * The first team is associated immediately. To replace or remove it, the members of the current team must vote, for
 * which they have 24 hours. During that time, `pendingMpaTeamArn` and `mpaStatus` show the change, and it is not
 * requested again. A refresh shows the result.
 *
 * Source: `payment-cryptography:AssociateMpaTeam`, `DisassociateMpaTeam`, `GetMpaTeamAssociation`,
 * `mpa:GetSession`.
 *
 * @example
 * import * as pulumi from "@pulumi/pulumi";
 * import { paymentcryptography } from "pulumi-aws-approvals";
 *
 * const config = new pulumi.Config();
 * const mpaTeamArn = config.require("teamArn");
 * new paymentcryptography.TeamAssociation("certificates", {
 *   action: "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE",
 *   mpaTeamArn,
 * }, { protect: true });
 */
export class TeamAssociation extends dynamicResource<TeamAssociationArgs, TeamAssociationOutputs>(
  teamAssociation,
) {
  /**
   * Refers to an association that this stack does not manage. It is read, and never changed.
   *
   * @param id the action, with its region if that is not the configuration's: `us-east-1/IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE`
   * @throws at preview and up when no team is associated
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): TeamAssociation {
    return new TeamAssociation(name, undefined, { ...opts, id });
  }
}
