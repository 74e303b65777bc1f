import type * as pulumi from "@pulumi/pulumi";
import { delegationGrant } from "../resources/iam/delegationGrant/properties";
import type { DelegationGrantOutputs } from "../resources/iam/delegationGrant/resource";
import { delegationRequest } from "../resources/iam/delegationRequest/properties";
import type {
  DelegationRequestArgs,
  DelegationRequestOutputs,
} from "../resources/iam/delegationRequest/resource";
import { warnInPreview } from "../resources/iam/delegationRequest/warnings";
import { pluginResource, type ResourceArgs } from "./pluginResource";

export type {
  DelegationPermissions,
  DelegationRequestArgs,
  PolicyParameter,
} from "../resources/iam/delegationRequest/resource";

/**
 * A request to a customer for temporary access to their AWS account, made by the plugin. It is the `iam.DelegationRequest`
 * of `pulumi-aws-approvals` in all that it does.
 */
export class DelegationRequest extends pluginResource<DelegationRequestArgs, DelegationRequestOutputs>(
  delegationRequest,
) {
  /**
   * @param name names the resource in the stack, and the request if `requestorWorkflowId` is left out
   * @param args see {@link DelegationRequestArgs}; out of bounds values fail the preview, each by its name
   */
  constructor(name: string, args: DelegationRequestArgs, opts?: pulumi.CustomResourceOptions) {
    super(name, args, opts);
    warnInPreview(name, args, opts);
  }
}

/** Arguments of a {@link DelegationGrant}. How long to wait for people, the option `customTimeouts` says. */
export interface DelegationGrantArgs extends ResourceArgs<typeof delegationGrant> {}

/**
 * What a customer has granted by a `DelegationRequest`, found by the plugin. It is the `iam.DelegationGrant` of
 * `pulumi-aws-approvals` in all that it does.
 */
export class DelegationGrant extends pluginResource<DelegationGrantArgs, DelegationGrantOutputs>(
  delegationGrant,
) {}
