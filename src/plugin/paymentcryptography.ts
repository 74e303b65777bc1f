import type * as pulumi from "@pulumi/pulumi";
import { teamAssociation } from "../resources/paymentcryptography/teamAssociation/properties";
import type { TeamAssociationOutputs } from "../resources/paymentcryptography/teamAssociation/resource";
import { pluginResource, type ResourceArgs } from "./pluginResource";

/** Arguments of a {@link TeamAssociation}. How long to wait for AWS, the option `customTimeouts` says. */
export interface TeamAssociationArgs extends ResourceArgs<typeof teamAssociation> {}

/**
 * The approval team of an operation of AWS Payment Cryptography, made by the plugin. It is the
 * `paymentcryptography.TeamAssociation` of `pulumi-aws-approvals` in all that it does, and can be imported by
 * `us-east-1/IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE`.
 */
export class TeamAssociation extends pluginResource<TeamAssociationArgs, TeamAssociationOutputs>(
  teamAssociation,
) {
  /**
   * Refers to an association that this stack does not manage. It is read, and never changed.
   *
   * @param id the action, with its region if that is not the configuration's
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
