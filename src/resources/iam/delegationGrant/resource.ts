import { dynamicResource, type ResourceArgs } from "../../../program/dynamicResource";
import type { OutputsOf } from "../../../program/types";
import { delegationGrant } from "./properties";

/** Arguments of a {@link DelegationGrant}. All change in place. */
export interface DelegationGrantArgs extends ResourceArgs<typeof delegationGrant> {}

/** Outputs of a {@link DelegationGrant}. */
export interface DelegationGrantOutputs extends OutputsOf<typeof delegationGrant> {}

/**
 * Records whether a customer has ever granted a `DelegationRequest`. A refresh finds that in the inbox; with `waitFor`,
 * `pulumi up` waits for it. The resource creates nothing in AWS. `CustomerAccess.whenGranted` uses one.
 *
 * Use it in programs that deploy with a customer's permission. What they deploy must remain declared while the customer
 * is asked again, or Pulumi would delete it: `granted` remains true through renewals, and previews know its value.
 *
 * @example
 * import * as pulumi from "@pulumi/pulumi";
 * import { iam } from "pulumi-aws-approvals";
 *
 * const config = new pulumi.Config();
 * const grant = new iam.DelegationGrant("acme", {
 *   delegationRequestId: config.require("requestId"),
 *   inbox: {
 *     tableArn: config.require("tableArn"),
 *     queueUrl: config.require("queueUrl"),
 *     topicArn: config.require("topicArn"),
 *   },
 *   waitFor: "FINALIZED",
 *   timeouts: { create: "8h" },
 * });
 * export const granted = grant.granted;
 */
export class DelegationGrant extends dynamicResource<DelegationGrantArgs, DelegationGrantOutputs>(
  delegationGrant,
) {}
