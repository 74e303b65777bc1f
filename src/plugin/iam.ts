import type * as pulumi from "@pulumi/pulumi";
import { delegationRequest } from "../resources/iam/delegationRequest/properties";
import type {
  DelegationRequestArgs,
  DelegationRequestOutputs,
} from "../resources/iam/delegationRequest/resource";
import { warnInPreview } from "../resources/iam/delegationRequest/warnings";
import { pluginResource } from "./pluginResource";

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
