import type { FunctionDeclaration } from "../declaration/properties";
import type { resources } from "../resources";
import {
  approver,
  getApprovalTeam,
  getApprovalTeams,
  getIdentitySource,
  getIdentitySources,
  getSession,
  listPolicies,
  listSessions,
} from "./mpa/properties";
import { getDelegatedAccessToken } from "./sts/properties";

/** All functions, by their names. */
export const functions = {
  getDelegatedAccessToken,
  approver,
  getApprovalTeam,
  getApprovalTeams,
  getIdentitySource,
  getIdentitySources,
  getSession,
  listPolicies,
  listSessions,
} as const satisfies Record<string, FunctionDeclaration>;

/** The functions that list what an account has of a resource type. Resources of other types cannot be listed. */
export const listings = {
  identitySource: "getIdentitySources",
  approvalTeam: "getApprovalTeams",
} as const satisfies Partial<Record<keyof typeof resources, keyof typeof functions>>;
