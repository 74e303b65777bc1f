/**
 * The subpath `pulumi-aws-approvals/provider`, which existing states refer to. Exports may be added, but never renamed or
 * removed. Not for use by programs.
 */
import type { dynamic } from "@pulumi/pulumi";
import { delegationRequestLifecycle } from "../../resources/iam/delegationRequest/lifecycle";
import { identitySourceLifecycle } from "../../resources/mpa/identitySource/lifecycle";
import { DynamicProvider } from "./dynamicProvider";

export const delegationRequest: dynamic.ResourceProvider = new DynamicProvider(delegationRequestLifecycle);
export const identitySource: dynamic.ResourceProvider = new DynamicProvider(identitySourceLifecycle);
