import type { Properties, ResourceDeclaration } from "../../../declaration/properties";
import { ADOPT, DELETION, GENERATION } from "../../properties";
import { CLIENT_TOKEN, OWNERSHIP, REGION, REGION_ARGUMENT, TAGS } from "../properties";

/** The strategy that a number of members decides. */
export const mOfN = {
  /** How many members must approve, at least 1. AWS advises at least two, and fewer than the number of members. */
  minApprovalsRequired: { type: "integer", minimum: 1, maximum: 20, unit: "approvals" },
} as const satisfies Properties;

/** How a team decides. */
export const approvalStrategy = {
  /** A number of members decides. */
  mOfN: { type: "object", properties: mOfN, wireName: "MofN" },
} as const satisfies Properties;

/** A member of a team. */
export const approver = {
  /** The id of the user in the identity store; `mpa.approver` looks it up by user name or e-mail address. */
  primaryIdentityId: { type: "string", minLength: 1, maxLength: 100 },
  /** The ARN of the identity source that the user comes from. */
  primaryIdentitySourceArn: { type: "string", maxLength: 1000 },
} as const satisfies Properties;

/** A policy that a team works with. */
export const policy = {
  /**
   * The ARN of a policy's version, where `$DEFAULT` stands for the default version:
   * `arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT`.
   */
  policyArn: {
    type: "string",
    maxLength: 1224,
    pattern:
      /^arn:.{1,63}:mpa:::aws:policy\/[a-zA-Z0-9_.-]{1,1023}\/[a-zA-Z0-9_.-]{1,1023}\/(?:[\d]+|\$DEFAULT)$/,
    patternMessage:
      "must be the ARN of a policy's version, such as arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT",
  },
} as const satisfies Properties;

const inputs = {
  /**
   * The name of the team, unique in the account: 1 to 64 letters, digits, `.`, `_` or `-`. Default: the resource's name
   * with a suffix. A team with a specified name is deleted before its replacement is created, a team with a default
   * name after it.
   */
  name: {
    type: "string",
    minLength: 1,
    maxLength: 64,
    pattern: /^[a-zA-Z0-9._-]+$/,
    patternMessage: "may hold only letters, digits, ., _ and -",
    optional: true,
    computed: true,
    onChange: "replace",
    keptWhenOmitted: true,
  },
  /** What the team is for, 1 to 256 characters. Changing it needs the members' votes. */
  description: { type: "string", minLength: 1, maxLength: 256, onChange: "update", voted: true },
  /** How the team decides. Changing it needs the members' votes. */
  approvalStrategy: { type: "object", properties: approvalStrategy, onChange: "update", voted: true },
  /**
   * The members, 1 to 20; their order does not matter. AWS advises at least three. Changing them needs the members'
   * votes, and new members must accept an invitation.
   */
  approvers: {
    type: "array",
    items: { type: "object", properties: approver },
    minItems: 1,
    maxItems: 20,
    uniqueItems: true,
    onChange: "update",
    voted: true,
  },
  /** What the team decides about, 1 to 10 policies; their order does not matter. `mpa.listPolicies` has their ARNs. */
  policies: {
    type: "array",
    items: { type: "object", properties: policy },
    minItems: 1,
    maxItems: 10,
    uniqueItems: true,
    onChange: "replace",
  },
  /**
   * A token with which a repeated create finds the result of the first one; at most 4,096 characters. Default: derived
   * from organization, project, stack, resource and arguments, which also works after a crash. If the token's team has
   * been deleted, a new token is used.
   */
  clientToken: CLIENT_TOKEN,
  /**
   * Whether create adopts an existing team with the same name and the same policies. The stack then manages the team,
   * and destroy deletes it. Default: false, which makes an existing team an error.
   */
  adopt: ADOPT,
  /**
   * The status to wait for: `ACTIVE` means that all approvers have accepted their invitations, for which they have 24
   * hours. Set `timeouts.create` accordingly. Default: wait until AWS has validated the team, but not for people.
   */
  waitFor: { type: "string", enum: ["ACTIVE"], optional: true, onChange: "update", local: true },
  /**
   * How an ACTIVE team is deleted, which needs the votes of its members. `request` asks them, and fails until they have
   * decided; then run destroy again. `wait` also waits until the team is deleted, for at most `timeouts.delete`.
   */
  deletion: DELETION,
  /**
   * The number of days between the members' approval of the deletion and the deletion itself. Default: AWS's default. A
   * deletion that is waiting for votes keeps the number that it was requested with.
   */
  pendingWindowDays: {
    type: "integer",
    minimum: 0,
    maximum: 2_147_483_647,
    unit: "days",
    optional: true,
    onChange: "update",
    local: true,
  },
  /**
   * Change this value, a number or a string, to ask the members again for a change that they did not approve.
   * Otherwise, `up` fails and asks nobody. Changing only this value asks nobody.
   */
  generation: GENERATION,
  /**
   * At most 49 tags, keys of 1 to 128 characters, values of up to 256. Set once the team is valid. AWS allows 50; this
   * package uses one, `pulumi-aws-approvals:owner`, and records who manages the team.
   */
  tags: TAGS,
  /**
   * The region of Multi-party approval. Default: us-east-1 in the commercial partition, elsewhere the region of the
   * partition's global services.
   */
  region: REGION_ARGUMENT,
} as const satisfies Properties;

/** A way to verify that a vote is the member's. */
const mfaMethod = {
  /** `EMAIL_OTP`, the only type. */
  type: { type: "string" },
  /** Whether the team knows the member's present device: `IN_SYNC` or `OUT_OF_SYNC`. */
  syncStatus: { type: "string" },
} as const satisfies Properties;

/** A member, and what AWS tells of them. */
const member = {
  /** The member's id in the team. */
  approverId: { type: "string", optional: true },
  /** The id of the user in the identity store. */
  primaryIdentityId: { type: "string" },
  /** The ARN of the identity source that the user comes from. */
  primaryIdentitySourceArn: { type: "string" },
  /** The answer to the invitation: `PENDING`, `ACCEPTED`, `REJECTED`, or `INVALID` when the user is gone. */
  primaryIdentityStatus: { type: "string", optional: true },
  /** When the invitation was answered, ISO 8601. */
  responseTime: { type: "string", optional: true },
  /** What the member did last: `VOTED`, `BASELINED`, `RESPONDED_TO_INVITATION`. */
  lastActivity: { type: "string", optional: true },
  /** When the member did it, ISO 8601. */
  lastActivityTime: { type: "string", optional: true },
  /** The session that asks the member to show that they can be reached. */
  pendingBaselineSessionArn: { type: "string", optional: true },
  /** The ways to verify that a vote is the member's. */
  mfaMethods: { type: "array", items: { type: "object", properties: mfaMethod }, optional: true },
} as const satisfies Properties;

/** A change that is pending or failed. */
const pendingUpdate = {
  /** The version that the team has after the change. */
  versionId: { type: "string", optional: true },
  /** The description as it would be. */
  description: { type: "string", optional: true },
  /** The strategy as it would be. */
  approvalStrategy: { type: "object", properties: approvalStrategy, optional: true },
  /** The number of members as it would be. */
  numberOfApprovers: { type: "integer", minimum: 1, maximum: 20, unit: "approvers", optional: true },
  /** The status of the change. */
  status: { type: "string", optional: true },
  /**
   * What the change is waiting for, or how it failed, such as `UPDATE_PENDING_APPROVAL` and `UPDATE_FAILED_APPROVAL`.
   */
  statusCode: { type: "string", optional: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true },
  /** The members as they would be. */
  approvers: { type: "array", items: { type: "object", properties: member }, optional: true },
  /** When the change was requested, ISO 8601. */
  updateInitiationTime: { type: "string", optional: true },
} as const satisfies Properties;

/** A change that people, or AWS, have said no to. */
const refusedUpdate = {
  /** The description as it would be. */
  description: { type: "string", optional: true },
  /** The strategy as it would be. */
  approvalStrategy: { type: "object", properties: approvalStrategy, optional: true },
  /** The members as they would be. */
  approvers: { type: "array", items: { type: "object", properties: approver }, optional: true },
} as const satisfies Properties;

const outputs = {
  /** The ARN of the team; also the resource's id. */
  arn: { type: "string" },
  /** The name of the team. */
  name: { type: "string" },
  /** Whether the team works: `PENDING`, `ACTIVE`, `INACTIVE` or `DELETING`. */
  status: { type: "string" },
  /**
   * The operation in progress, or how it failed: `VALIDATING`, `PENDING_ACTIVATION`, `FAILED_VALIDATION`,
   * `FAILED_ACTIVATION`; `UPDATE_` and `DELETE_` with `PENDING_APPROVAL`, `PENDING_ACTIVATION`, `FAILED_APPROVAL`,
   * `FAILED_ACTIVATION`, `FAILED_VALIDATION`.
   */
  statusCode: { type: "string", optional: true, voted: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true, voted: true },
  /** The version of the team, which changes with every change. */
  versionId: { type: "string", voted: true },
  /** The session in which the members decide about a change or the deletion. */
  updateSessionArn: { type: "string", optional: true, voted: true },
  /** A change that is pending or failed. */
  pendingUpdate: {
    type: "object",
    properties: pendingUpdate,
    optional: true,
    secretWith: "description",
    voted: true,
  },
  /**
   * A change that the members did not approve, that was withdrawn, or that AWS found invalid. It is not requested again
   * until `generation` changes.
   */
  refusedUpdate: {
    type: "object",
    properties: refusedUpdate,
    optional: true,
    secretWith: "description",
    voted: true,
  },
  /** The members, with their answers to the invitation and their MFA methods. */
  approvers: { type: "array", items: { type: "object", properties: member } },
  /** The number of members. */
  numberOfApprovers: { type: "integer", minimum: 1, maximum: 20, unit: "approvers", voted: true },
  /** When the team was created, ISO 8601. */
  creationTime: { type: "string" },
  /** When the team was last changed, ISO 8601. */
  lastUpdateTime: { type: "string", optional: true, voted: true },
  /** The region of Multi-party approval. */
  region: REGION,
  /**
   * The id in the tag `pulumi-aws-approvals:owner`, which only this state knows: the resource belongs to the state that
   * has it.
   */
  ownershipId: OWNERSHIP.ownershipId,
  /**
   * `true` if the tag does not have the id, because the create was interrupted or somebody removed the tag. The next
   * `up` sets it.
   */
  unmarked: OWNERSHIP.unmarked,
  /**
   * The keys of tags that the resource had when it was adopted and that the program does not name. They are not
   * changed.
   */
  unmanagedTags: OWNERSHIP.unmanagedTags,
} as const satisfies Properties;

/** The declaration of an MPA approval team. */
export const approvalTeam = {
  token: "aws-approvals:mpa:ApprovalTeam",
  inputs,
  outputs,
  timeouts: { create: "10m", delete: "10m" },
  insteadOfImport:
    "Adopt the team with its name and adopt: true, or refer to it with ApprovalTeam.get(name, arn).",
  actions: [
    "mpa:CreateApprovalTeam",
    "mpa:GetApprovalTeam",
    "mpa:ListApprovalTeams",
    "mpa:UpdateApprovalTeam",
    "mpa:StartActiveApprovalTeamDeletion",
    "mpa:DeleteInactiveApprovalTeamVersion",
    "mpa:ListSessions",
    "mpa:TagResource",
    "mpa:UntagResource",
    "mpa:ListTagsForResource",
    "backup:ListBackupVaults",
    "backup:DescribeBackupVault",
    "payment-cryptography:GetMpaTeamAssociation",
  ],
} as const satisfies ResourceDeclaration;
