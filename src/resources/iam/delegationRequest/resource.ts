import * as pulumi from "@pulumi/pulumi";
import { dynamicResource, type ResourceArgs } from "../../../program/dynamicResource";
import type { ArgsOf } from "../../../program/types";
import { delegationRequest, type permissions, type policyParameter } from "./properties";

/** Arguments of a {@link DelegationRequest}. A change of any but `renewWhen` makes a new request. */
export interface DelegationRequestArgs extends ResourceArgs<typeof delegationRequest> {}

/** A policy template and what fills it. */
export interface DelegationPermissions extends ArgsOf<typeof permissions> {}

/** A value for a placeholder of the policy template. */
export interface PolicyParameter extends ArgsOf<typeof policyParameter> {}

/**
 * A request to a customer for temporary access to their AWS account (IAM temporary delegation). Send the customer
 * to `consoleDeepLink`; what they decide arrives at `notificationChannel`.
 *
 * A request is short-lived: it lapses 1 day after it was made if nobody claims it, and 7 days after each later
 * step. It stays in the stack, in its last known state, until `renewWhen` or a changed argument asks for a new
 * one. Deleting it forgets it: AWS has no way to cancel a request, it lapses by itself.
 *
 * AWS may refuse to let you read a request that a customer account owns. Then a refresh keeps what was known.
 *
 * Source: `iam:CreateDelegationRequest`, `iam:GetDelegationRequest`. Only accounts that AWS has enrolled as
 * product providers may make requests: `pulumi up` fails in any other, and when `requestorWorkflowId` was used before.
 *
 * @example
 * const request = new iam.DelegationRequest("acme", {
 *   ownerAccountId: "222222222222",
 *   description: "Read the bucket list to set up backups",
 *   permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
 *   notificationChannel: topic.arn,
 *   sessionDuration: 3600,
 * });
 * export const link = request.consoleDeepLink;
 */
export class DelegationRequest extends dynamicResource(delegationRequest) {
  /**
   * @param name names the resource in the stack, and the request if `requestorWorkflowId` is left out
   * @param args see {@link DelegationRequestArgs}; out of bounds values fail the preview, each by its name
   */
  constructor(name: string, args: DelegationRequestArgs, opts?: pulumi.CustomResourceOptions) {
    super(name, args, opts);
    if (args.ownerAccountId === undefined && !opts?.additionalSecretOutputs?.includes("consoleDeepLink")) {
      warnOfClaimableLinks(name);
    }
  }
}

const warnedStacks = new WeakSet<object>();

/**
 * Once a preview, however many requests there are: it is one decision. The request is named and not handed over, since
 * Pulumi would wait for its URN, which a request that fails its check never gets, and drop this message and all later ones.
 */
function warnOfClaimableLinks(name: string) {
  const stack = pulumi.runtime.getStackResource();
  if (!pulumi.runtime.isDryRun() || !stack || warnedStacks.has(stack)) return;
  warnedStacks.add(stack);
  void pulumi.log.warn(
    `DelegationRequest ${name} has no ownerAccountId: any AWS account that opens consoleDeepLink can claim it. ` +
      'Name the account, or keep the link secret with additionalSecretOutputs: ["consoleDeepLink"].',
  );
}
