import type { FunctionDeclaration } from "../provider/properties";
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
