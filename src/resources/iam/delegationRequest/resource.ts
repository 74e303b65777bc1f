import type * as pulumi from "@pulumi/pulumi";
import { dynamicResource, type ResourceArgs } from "../../../program/dynamicResource";
import type { ArgsOf, OutputsOf } from "../../../program/types";
import { delegationRequest, type permissions, type policyParameter } from "./properties";
import { warnInPreview } from "./warnings";

/**
 * Arguments of a {@link DelegationRequest}. A change of any argument except `renewWhen` and `inbox` creates a new
 * request.
 */
export interface DelegationRequestArgs extends ResourceArgs<typeof delegationRequest> {}

/** Outputs of a {@link DelegationRequest}. */
export interface DelegationRequestOutputs extends OutputsOf<typeof delegationRequest> {}

/** A policy template and the values for its placeholders. */
export interface DelegationPermissions extends ArgsOf<typeof permissions> {}

/** A value for a placeholder of the policy template. */
export interface PolicyParameter extends ArgsOf<typeof policyParameter> {}

/**
 * A request to a customer for temporary access to their AWS account (IAM temporary delegation). Send the customer to
 * `consoleDeepLink`; their decision arrives at `notificationChannel`.
 *
 * A request is short-lived: it expires 1 day after it was created if nobody claims it, and 7 days after each later
 * step. It stays in the stack, in its last known state, until `renewWhen` or a changed argument creates a new one.
 * Deleting the resource only removes it from the stack: AWS cannot cancel a request. It expires.
 *
 * AWS may not let you read a request that a customer account owns. A refresh then keeps the last known state.
 *
 * Source: `iam:CreateDelegationRequest`, `iam:GetDelegationRequest`. Only accounts that AWS has enrolled as product
 * providers may create requests; `pulumi up` fails in others. It also fails if a request with that
 * `requestorWorkflowId` exists.
 *
 * @example
 * import { iam } from "pulumi-aws-approvals";
 *
 * const request = new iam.DelegationRequest("acme", {
 *   ownerAccountId: "222222222222",
 *   description: "Read the bucket list to set up backups",
 *   permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
 *   notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
 *   sessionDuration: 3600,
 * });
 * export const link = request.consoleDeepLink;
 */
export class DelegationRequest extends dynamicResource<DelegationRequestArgs, DelegationRequestOutputs>(
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
