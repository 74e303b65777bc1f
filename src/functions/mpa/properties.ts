import type { FunctionDeclaration, Properties, Property } from "../../declaration/properties";
import {
  approvalStrategy,
  approvalTeam,
  policy as policyReference,
} from "../../resources/mpa/approvalTeam/properties";
import { iamIdentityCenter, identitySource } from "../../resources/mpa/identitySource/properties";
import { REGION } from "../../resources/mpa/properties";

const ARN = { type: "string", minLength: 1 } as const satisfies Property;
const COUNT = { type: "integer", minimum: 0, maximum: 20, unit: "approvers" } as const satisfies Property;
const VERSION = {
  type: "integer",
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  unit: "",
} as const satisfies Property;

/** Arguments of the functions that list what an account has. */
const inAccount = {
  /** The region of Multi-party approval. Default: that of the configured partition. */
  region: { ...REGION, optional: true },
} as const satisfies Properties;

const {
  approvalPortalUrl,
  ownershipId: _,
  unmarked: __,
  unmanagedTags: ___,
  region: ____,
  ...ofSource
} = identitySource.outputs;

/** An identity source in AWS. */
export const sourceResult = {
  ...ofSource,
  /** The ARN of the source. */
  arn: { type: "string" },
  /** The instance of IAM Identity Center that its users are of. */
  iamIdentityCenter: { type: "object", properties: iamIdentityCenter },
  /** The page on which approvers vote. */
  approvalPortalUrl: { ...approvalPortalUrl, optional: true },
} as const satisfies Properties;

/** The declaration of `mpa.getIdentitySource`. */
export const getIdentitySource = {
  token: "aws-approvals:mpa:getIdentitySource",
  inputs: {
    /** The ARN of the source. */
    arn: ARN,
  },
  outputs: sourceResult,
} as const satisfies FunctionDeclaration;

/** The declaration of `mpa.getIdentitySources`. */
export const getIdentitySources = {
  token: "aws-approvals:mpa:getIdentitySources",
  inputs: inAccount,
  outputs: {
    /** The sources: one, or none. */
    identitySources: { type: "array", items: { type: "object", properties: sourceResult } },
  },
} as const satisfies FunctionDeclaration;

const { ownershipId, unmarked, unmanagedTags, region, ...ofTeam } = approvalTeam.outputs;
const { versionId, updateSessionArn, pendingUpdate, approvers, lastUpdateTime, ...ofListedTeam } = ofTeam;
const teamBasics = {
  /** The ARN of the team. */
  arn: { type: "string" },
  /** What the team is for. */
  description: { type: "string" },
  /** How the team decides. */
  approvalStrategy: { type: "object", properties: approvalStrategy },
} as const satisfies Properties;

/** An approval team as a list has it: without its members. */
export const teamSummary = { ...ofListedTeam, ...teamBasics } as const satisfies Properties;

/** The declaration of `mpa.getApprovalTeam`. */
export const getApprovalTeam = {
  token: "aws-approvals:mpa:getApprovalTeam",
  inputs: {
    /** The ARN of the team. */
    arn: ARN,
  },
  outputs: {
    ...ofTeam,
    ...teamBasics,
    /** What the team decides about. */
    policies: { type: "array", items: { type: "object", properties: policyReference } },
  },
} as const satisfies FunctionDeclaration;

/** The declaration of `mpa.getApprovalTeams`. */
export const getApprovalTeams = {
  token: "aws-approvals:mpa:getApprovalTeams",
  inputs: inAccount,
  outputs: {
    /** The teams, without their members. */
    approvalTeams: { type: "array", items: { type: "object", properties: teamSummary } },
  },
} as const satisfies FunctionDeclaration;

/** A version of a policy. */
export const policyVersion = {
  /** The ARN of this version, which a team can have. */
  arn: { type: "string" },
  /** The number of the version. */
  versionId: VERSION,
  /** Whether `$DEFAULT` is this version. */
  isDefault: { type: "boolean" },
  /** Whether a team can still get it, `ATTACHABLE`, or no longer, `DEPRECATED`. */
  status: { type: "string" },
  /** When the version was made, ISO 8601. */
  creationTime: { type: "string" },
  /** When the version was last changed, ISO 8601. */
  lastUpdatedTime: { type: "string" },
} as const satisfies Properties;

/** A policy as AWS lists it. */
export const listedPolicy = {
  /** The ARN without a version, which a team cannot have. */
  arn: { type: "string" },
  /** For example `CreateRestoreAccessVault`. */
  name: { type: "string" },
  /** Whether AWS made it, `AWS_MANAGED`, or another account shares it, `AWS_RAM`. */
  policyType: { type: "string" },
  /** The version that `$DEFAULT` is. */
  defaultVersion: VERSION,
} as const satisfies Properties;

/** A policy that a team can have: it says which operations the team decides about. */
export const policy = {
  ...listedPolicy,
  /** The ARN that a team follows the default version with: `…/$DEFAULT`. */
  defaultArn: { type: "string" },
  /** All versions. */
  versions: { type: "array", items: { type: "object", properties: policyVersion } },
} as const satisfies Properties;

/** The declaration of `mpa.listPolicies`. */
export const listPolicies = {
  token: "aws-approvals:mpa:listPolicies",
  inputs: inAccount,
  outputs: {
    /** The policies, with their versions. */
    policies: { type: "array", items: { type: "object", properties: policy } },
  },
} as const satisfies FunctionDeclaration;

/** A session as a list has it. */
export const sessionSummary = {
  /** The ARN of the session. */
  sessionArn: { type: "string" },
  /** The ARN of the team that decides. */
  approvalTeamArn: { type: "string" },
  /** The name of the team that decides. */
  approvalTeamName: { type: "string" },
  /** The operation that waits for the decision, such as `backup:CreateRestoreAccessBackupVault`. */
  actionName: { type: "string" },
  /** The ARN of what the operation is about. */
  protectedResourceArn: { type: "string" },
  /** What AWS tells the members of the operation. */
  description: { type: "string", optional: true },
  /** `CREATING`, `PENDING` while members vote, then `APPROVED`, `FAILED` or `CANCELLED`. */
  status: { type: "string" },
  /** Why it failed: `REJECTED`, `EXPIRED`, `CONFIGURATION_CHANGED`, `ALL_APPROVERS_IN_SESSION`. */
  statusCode: { type: "string", optional: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true },
  /** The service that asked for the decision. */
  requesterServicePrincipal: { type: "string", optional: true },
  /** Who wants the operation. */
  requesterPrincipalArn: { type: "string", optional: true },
  /** The account of who wants the operation. */
  requesterAccountId: { type: "string", optional: true },
  /** The region of the operation. */
  requesterRegion: { type: "string", optional: true },
  /** What follows on an approval: `AUTO_COMPLETION_UPON_APPROVAL`. */
  actionCompletionStrategy: { type: "string", optional: true },
  /** What members must show beside their vote: `APPROVER_VERIFICATION_REQUIRED`. */
  additionalSecurityRequirements: { type: "array", items: { type: "string" }, optional: true },
  /** When the session began, ISO 8601. */
  initiationTime: { type: "string" },
  /** Until when members can vote, ISO 8601. Who has not voted by then has said no. */
  expirationTime: { type: "string" },
  /** When the session ended, ISO 8601. */
  completionTime: { type: "string", optional: true },
} as const satisfies Properties;

/** A member's vote. */
export const approverResponse = {
  /** The member's id in the team. */
  approverId: { type: "string", optional: true },
  /** The id of the user in the identity store. */
  identityId: { type: "string", optional: true },
  /** The ARN of the identity source that the user comes from. */
  identitySourceArn: { type: "string", optional: true },
  /** `APPROVED`, `REJECTED` or `NO_RESPONSE`. */
  response: { type: "string", optional: true },
  /** When the member voted, ISO 8601. */
  responseTime: { type: "string", optional: true },
} as const satisfies Properties;

const sessionMOfN = {
  /** How many must approve. */
  minApprovalsRequired: COUNT,
} as const satisfies Properties;

const sessionStrategy = {
  /** That a number of members decides. */
  mOfN: { type: "object", properties: sessionMOfN, wireName: "MofN" },
} as const satisfies Properties;

/** The declaration of `mpa.getSession`. */
export const getSession = {
  token: "aws-approvals:mpa:getSession",
  inputs: {
    /** The ARN of the session. */
    sessionArn: ARN,
  },
  outputs: {
    ...sessionSummary,
    /** How many approvals it takes: `mOfN.minApprovalsRequired`. */
    approvalStrategy: { type: "object", properties: sessionStrategy, optional: true },
    /** How many members may vote. */
    numberOfApprovers: COUNT,
    /** The members, and their votes. */
    approverResponses: { type: "array", items: { type: "object", properties: approverResponse } },
    /** Whether an approved operation has been carried out: `PENDING`, `EXECUTED` or `FAILED`. */
    executionStatus: { type: "string", optional: true },
    /** What who wants the operation says of it. */
    requesterComment: { type: "string", optional: true },
    /** What the service tells of the operation. */
    metadata: { type: "map", keys: { type: "string" }, values: { type: "string" }, optional: true },
  },
} as const satisfies FunctionDeclaration;

/** A condition on sessions. */
export const sessionFilter = {
  /** What to compare. */
  fieldName: {
    type: "string",
    enum: ["ActionName", "ApprovalTeamName", "VotingTime", "Vote", "SessionStatus", "InitiationTime"],
  },
  /** How to compare it. */
  operator: {
    type: "string",
    enum: ["EQ", "NE", "GT", "LT", "GTE", "LTE", "CONTAINS", "NOT_CONTAINS", "BETWEEN"],
  },
  /** What to compare it with, at most 1,000 characters. */
  value: { type: "string", maxLength: 1000 },
} as const satisfies Properties;

/** The declaration of `mpa.listSessions`. */
export const listSessions = {
  token: "aws-approvals:mpa:listSessions",
  inputs: {
    /** The ARN of the team. */
    approvalTeamArn: ARN,
    /** Conditions that all must hold, at most 10. Default: none. */
    filters: {
      type: "array",
      items: { type: "object", properties: sessionFilter },
      maxItems: 10,
      optional: true,
    },
  },
  outputs: {
    /** The sessions, newest first. */
    sessions: { type: "array", items: { type: "object", properties: sessionSummary } },
  },
} as const satisfies FunctionDeclaration;

/** The declaration of `mpa.approver`. */
export const approver = {
  token: "aws-approvals:mpa:approver",
  inputs: {
    /** The user's name in IAM Identity Center. */
    userName: { type: "string", minLength: 1, optional: true },
    /** The user's primary e-mail address in IAM Identity Center. */
    email: { type: "string", minLength: 1, optional: true },
    /** The identity store of the instance of IAM Identity Center: one of `identityStoreIds` of `aws.ssoadmin.getInstances`. */
    identityStoreId: { type: "string", minLength: 1 },
    /** The ARN of the identity source that the user comes from. Default: the one of the account. */
    identitySourceArn: { ...ARN, optional: true },
    /** The region of the instance of IAM Identity Center. Default: the one that the identity source says. */
    region: { ...REGION, optional: true },
  },
  outputs: {
    /** The id of the user in the identity store. */
    primaryIdentityId: { type: "string" },
    /** The ARN of the identity source that the user comes from. */
    primaryIdentitySourceArn: { type: "string" },
  },
} as const satisfies FunctionDeclaration;
