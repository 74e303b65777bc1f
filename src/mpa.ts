export type { InvokeOptions } from "./functions/invoke";
export { type ApproverArgs, type ApproverResult, approver } from "./functions/mpa/approver";
export {
  type GetIdentitySourceArgs,
  type GetIdentitySourceResult,
  type GetIdentitySourcesArgs,
  getIdentitySource,
  getIdentitySources,
} from "./functions/mpa/identitySources";
export {
  type ListPoliciesArgs,
  listPolicies,
  type Policy,
  type PolicyVersion,
} from "./functions/mpa/policies";
export {
  type ApproverResponse,
  type GetSessionArgs,
  type GetSessionResult,
  getSession,
  type ListSessionsArgs,
  listSessions,
  type SessionFilter,
  type SessionSummary,
} from "./functions/mpa/sessions";
export {
  type ApprovalTeamSummary,
  type GetApprovalTeamArgs,
  type GetApprovalTeamResult,
  type GetApprovalTeamsArgs,
  getApprovalTeam,
  getApprovalTeams,
} from "./functions/mpa/teams";
export {
  type ApprovalEvent,
  parseEvent,
  type SessionEvent,
  type TeamEvent,
} from "./mailbox/approvalEvent";
export type {
  ApprovalStrategy,
  ApprovalTeamArgs,
  Approver,
  MofNApprovalStrategy,
  PolicyReference,
} from "./resources/mpa/approvalTeam/resource";
export { ApprovalTeam } from "./resources/mpa/approvalTeam/resource";
export type { IamIdentityCenter, IdentitySourceArgs } from "./resources/mpa/identitySource/resource";
export { IdentitySource } from "./resources/mpa/identitySource/resource";
