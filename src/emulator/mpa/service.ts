import { restJsonService } from "../service";
import { cancelSession } from "./cancelSession";
import { createApprovalTeam } from "./createApprovalTeam";
import { createIdentitySource } from "./createIdentitySource";
import { deleteIdentitySource } from "./deleteIdentitySource";
import { deleteInactiveApprovalTeamVersion } from "./deleteInactiveApprovalTeamVersion";
import { getApprovalTeam } from "./getApprovalTeam";
import { getIdentitySource } from "./getIdentitySource";
import { getPolicyVersion } from "./getPolicyVersion";
import { getResourcePolicy } from "./getResourcePolicy";
import { getSession } from "./getSession";
import { listApprovalTeams } from "./listApprovalTeams";
import { listIdentitySources } from "./listIdentitySources";
import { listPolicies } from "./listPolicies";
import { listPolicyVersions } from "./listPolicyVersions";
import { listResourcePolicies } from "./listResourcePolicies";
import { listSessions } from "./listSessions";
import { listTagsForResource } from "./listTagsForResource";
import { startActiveApprovalTeamDeletion } from "./startActiveApprovalTeamDeletion";
import { startApprovalTeamBaseline } from "./startApprovalTeamBaseline";
import { tagResource } from "./tagResource";
import { untagResource } from "./untagResource";
import { updateApprovalTeam } from "./updateApprovalTeam";

/** Multi-party approval, API version 2022-07-26, all of its operations. It has an endpoint in us-east-1 only. */
export const mpa = restJsonService({
  name: "mpa",
  regions: ["us-east-1"],
  operations: [
    cancelSession,
    createApprovalTeam,
    createIdentitySource,
    deleteIdentitySource,
    deleteInactiveApprovalTeamVersion,
    getApprovalTeam,
    getIdentitySource,
    getPolicyVersion,
    getResourcePolicy,
    getSession,
    listApprovalTeams,
    listIdentitySources,
    listPolicies,
    listPolicyVersions,
    listResourcePolicies,
    listSessions,
    listTagsForResource,
    startActiveApprovalTeamDeletion,
    startApprovalTeamBaseline,
    tagResource,
    untagResource,
    updateApprovalTeam,
  ],
});
