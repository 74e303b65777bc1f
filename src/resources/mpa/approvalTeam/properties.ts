import type { Properties, ResourceDeclaration } from "../../../provider/properties";
import { GENERATION } from "../../binding/properties";
import { CLIENT_TOKEN, OWNERSHIP, REGION, REGION_ARGUMENT, TAGS } from "../properties";

/** The strategy that a number of members decides. */
export const mOfN = {
  /** How many members must approve, at least 1. AWS advises two at least, and fewer than there are members. */
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
   * The ARN of a policy's version, `$DEFAULT` being whichever is the default:
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
   * with a suffix. A team with a given name is deleted before its replacement is made, one with a default name after it.
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
  description: { type: "string", minLength: 1, maxLength: 256, onChange: "update" },
  /** How the team decides. Changing it needs the members' votes. */
  approvalStrategy: { type: "object", properties: approvalStrategy, onChange: "update" },
  /**
   * The members, 1 to 20; their order does not matter. AWS advises three at least. Changing them needs the members' votes,
   * and whoever is new must accept an invitation.
   */
  approvers: {
    type: "array",
    items: { type: "object", properties: approver },
    minItems: 1,
    maxItems: 20,
    uniqueItems: true,
    onChange: "update",
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
   * A token of your own that makes a repeated create find the first one's result; at most 4,096 characters. Left out,
   * one is derived from organization, project, stack, resource and arguments, which survives a crash as well. Once the
   * token's team has been deleted, a fresh one is used in its place.
   */
  clientToken: CLIENT_TOKEN,
  /**
   * Whether create takes over the team of the same name, if it exists and has the same policies; the stack then manages
   * it, and deletes it in the end. Default: false, which makes it an error.
   */
  adopt: { type: "boolean", optional: true, onChange: "update", local: true },
  /**
   * The status to wait for: `ACTIVE` is when all approvers have accepted their invitations, for which they have 24 hours.
   * Give `timeouts.create` long enough. Default: no wait for people, only until AWS has validated the team.
   */
  waitFor: { type: "string", enum: ["ACTIVE"], optional: true, onChange: "update", local: true },
  /**
   * What deleting an ACTIVE team does, which needs its own members' votes. `request` asks them, and fails until they have
   * decided; run destroy again then. `wait` also waits until the team is gone, for at most `timeouts.delete`.
   */
  deletion: {
    type: "string",
    enum: ["request", "wait"],
    optional: true,
    default: "request",
    onChange: "update",
    local: true,
  },
  /**
   * How many days AWS lets pass between the members' approval of the deletion and the deletion itself. Default: AWS's. A
   * deletion that waits for votes has the days that it was asked for with.
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
   * Another value, a number or a string, asks the members again for a change that they have not approved. Without it, `up`
   * fails and asks nobody. A change of it alone asks nobody.
   */
  generation: GENERATION,
  /**
   * At most 49 tags, keys of 1 to 128 characters, values of up to 256. Set once the team is valid. AWS allows 50: one
   * is ours, `pulumi-aws-approvals:owner`, and says whose the team is.
   */
  tags: TAGS,
  /**
   * The region that Multi-party approval itself is in. Default: us-east-1 in the commercial partition, elsewhere the
   * region of the partition's global services.
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

/** A change that is not made yet, or that failed. */
const pendingUpdate = {
  /** The version that the team has once the change is made. */
  versionId: { type: "string", optional: true },
  /** The description as it would be. */
  description: { type: "string", optional: true },
  /** The strategy as it would be. */
  approvalStrategy: { type: "object", properties: approvalStrategy, optional: true },
  /** The number of members as it would be. */
  numberOfApprovers: { type: "integer", minimum: 1, maximum: 20, unit: "approvers", optional: true },
  /** The status of the change. */
  status: { type: "string", optional: true },
  /** What the change waits for, or how it failed, such as `UPDATE_PENDING_APPROVAL` and `UPDATE_FAILED_APPROVAL`. */
  statusCode: { type: "string", optional: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true },
  /** The members as they would be. */
  approvers: { type: "array", items: { type: "object", properties: member }, optional: true },
  /** When the change was asked for, ISO 8601. */
  updateInitiationTime: { type: "string", optional: true },
} as const satisfies Properties;

/** A change that people have said no to. */
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
   * What is under way, or how it failed: `VALIDATING`, `PENDING_ACTIVATION`, `FAILED_VALIDATION`, `FAILED_ACTIVATION`;
   * `UPDATE_` and `DELETE_` with `PENDING_APPROVAL`, `PENDING_ACTIVATION`, `FAILED_APPROVAL`, `FAILED_ACTIVATION`,
   * `FAILED_VALIDATION`.
   */
  statusCode: { type: "string", optional: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true },
  /** The version of the team, another one after every change. */
  versionId: { type: "string" },
  /** The session in which the members decide about a change or the deletion. */
  updateSessionArn: { type: "string", optional: true },
  /** A change that is not made yet, or that failed. */
  pendingUpdate: { type: "object", properties: pendingUpdate, optional: true, secretWith: "description" },
  /** A change that people have not approved, or that was withdrawn: it is not asked for again until `generation` says so. */
  refusedUpdate: { type: "object", properties: refusedUpdate, optional: true, secretWith: "description" },
  /** The members, with their answers to the invitation and their MFA methods. */
  approvers: { type: "array", items: { type: "object", properties: member } },
  /** The number of members. */
  numberOfApprovers: { type: "integer", minimum: 1, maximum: 20, unit: "approvers" },
  /** When the team was made, ISO 8601. */
  creationTime: { type: "string" },
  /** When the team was last changed, ISO 8601. */
  lastUpdateTime: { type: "string", optional: true },
  /** The region that Multi-party approval itself is in. */
  region: REGION,
  /** The id in the tag `pulumi-aws-approvals:owner`, which only this state knows: the resource is of the state that has it. */
  ownershipId: OWNERSHIP.ownershipId,
  /** `true` while the tag does not have the id, because the create was interrupted or somebody removed it: the next `up` sets it. */
  unmarked: OWNERSHIP.unmarked,
  /** The keys of tags that the resource had when it was adopted and that the program does not name: they are left alone. */
  unmanagedTags: OWNERSHIP.unmanagedTags,
} as const satisfies Properties;

/** The declaration of an MPA approval team. */
export const approvalTeam = {
  token: "aws-approvals:mpa:ApprovalTeam",
  inputs,
  outputs,
  timeouts: { create: "10m", delete: "10m" },
  insteadOfImport:
    "Take the team over with its name and adopt: true, or refer to it with ApprovalTeam.get(name, arn).",
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
