import { dynamicResource, type ResourceArgs } from "../../../program/dynamicResource";
import type { OutputsOf } from "../../../program/types";
import { delegationGrant } from "./properties";

/** Arguments of a {@link DelegationGrant}. All change in place. */
export interface DelegationGrantArgs extends ResourceArgs<typeof delegationGrant> {}

/** Outputs of a {@link DelegationGrant}. */
export interface DelegationGrantOutputs extends OutputsOf<typeof delegationGrant> {}

/**
 * What a customer has granted by a `DelegationRequest`: whether they ever have, which a refresh finds in the inbox, and
 * with `waitFor` a wait for it. It makes nothing in AWS. `CustomerAccess.whenGranted` has one.
 *
 * It is there for programs that go on with a customer's permission. What they deploy then must stay declared while the
 * customer is asked again, or Pulumi would delete it: `granted` stays true through renewals, and previews know it.
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
