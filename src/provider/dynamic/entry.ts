/**
 * The frozen subpath `pulumi-aws-approvals/provider`: states of every age name what is exported here, so a name
 * may be added and never be renamed or removed. Not for programs.
 */
import { delegationRequestLifecycle } from "../../resources/iam/delegationRequest/lifecycle";
import { identitySourceLifecycle } from "../../resources/mpa/identitySource/lifecycle";
import { serve } from "./adapter";

export const delegationRequest = serve(delegationRequestLifecycle);
export const identitySource = serve(identitySourceLifecycle);
