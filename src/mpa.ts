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
