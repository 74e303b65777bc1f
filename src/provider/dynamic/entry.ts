/**
 * The subpath `pulumi-aws-approvals/provider`, which existing states refer to. Exports may be added, but never renamed or
 * removed. Not for use by programs.
 */
import type { dynamic } from "@pulumi/pulumi";
import { restoreAccessVaultLifecycle } from "../../resources/backup/restoreAccessVault/lifecycle";
import { vaultApprovalTeamLifecycle } from "../../resources/backup/vaultApprovalTeam/lifecycle";
import { delegationRequestLifecycle } from "../../resources/iam/delegationRequest/lifecycle";
import { approvalTeamLifecycle } from "../../resources/mpa/approvalTeam/lifecycle";
import { identitySourceLifecycle } from "../../resources/mpa/identitySource/lifecycle";
import { DynamicProvider } from "./dynamicProvider";

// Each access makes a new one, since a provider is configured for one account, and the offline engine may serve the
// resources of several in one process.
export = {
  get delegationRequest(): dynamic.ResourceProvider {
    return new DynamicProvider(delegationRequestLifecycle);
  },
  get approvalTeam(): dynamic.ResourceProvider {
    return new DynamicProvider(approvalTeamLifecycle);
  },
  get identitySource(): dynamic.ResourceProvider {
    return new DynamicProvider(identitySourceLifecycle);
  },
  get vaultApprovalTeam(): dynamic.ResourceProvider {
    return new DynamicProvider(vaultApprovalTeamLifecycle);
  },
  get restoreAccessVault(): dynamic.ResourceProvider {
    return new DynamicProvider(restoreAccessVaultLifecycle);
  },
};
