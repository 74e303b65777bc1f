import type { Properties, ResourceDeclaration } from "../../../provider/properties";
import { CLIENT_TOKEN, OWNERSHIP, REGION, REGION_ARGUMENT, TAGS } from "../properties";

/** An instance of IAM Identity Center. It must be an organization instance. */
export const iamIdentityCenter = {
  /** `arn:aws:sso:::instance/ssoins-…` */
  instanceArn: {
    type: "string",
    minLength: 20,
    maxLength: 2048,
    pattern: /^arn:.+:sso:::instance\/(?:sso)?ins-[a-zA-Z0-9-.]{16}$/,
    patternMessage:
      "must be the ARN of an IAM Identity Center instance, such as arn:aws:sso:::instance/ssoins-1234567890abcdef",
  },
  /** The region that the instance is in; it may differ from the one of Multi-party approval. */
  region: REGION,
} as const satisfies Properties;

const inputs = {
  /** The IAM Identity Center instance whose people may become approvers. */
  iamIdentityCenter: { type: "object", properties: iamIdentityCenter, onChange: "replace" },
  /**
   * A token of your own that makes a repeated create find the first one's result; at most 4,096 characters. Left out,
   * one is derived from organization, project, stack, resource and instance, which survives a crash as well. Once the
   * token's source has been deleted, a fresh one is used in its place.
   */
  clientToken: CLIENT_TOKEN,
  /**
   * Whether create takes over the one source that an account can have, if it exists and is of the same instance; the
   * stack then manages it, and deletes it in the end. Default: false, which makes it an error.
   */
  adopt: { type: "boolean", optional: true, onChange: "update", local: true },
  /**
   * At most 49 tags, keys of 1 to 128 characters, values of up to 256. Set once the source is ACTIVE. AWS allows 50: one
   * is ours, `pulumi-aws-approvals:owner`, and says whose the source is.
   */
  tags: TAGS,
  /**
   * The region that Multi-party approval itself is in. Default: us-east-1 in the commercial partition, elsewhere the
   * region of the partition's global services.
   */
  region: REGION_ARGUMENT,
} as const satisfies Properties;

const outputs = {
  /** The ARN of the source; also the resource's id. */
  arn: { type: "string" },
  /** `IAM_IDENTITY_CENTER`, the only type. */
  identitySourceType: { type: "string" },
  /** `CREATING`, `ACTIVE`, `DELETING` or `ERROR`. */
  status: { type: "string" },
  /** The reason for `ERROR`: `ACCESS_DENIED`, `DELETION_FAILED`, `IDC_INSTANCE_NOT_FOUND`, `IDC_INSTANCE_NOT_VALID`. */
  statusCode: { type: "string", optional: true },
  /** The reason in AWS's words. */
  statusMessage: { type: "string", optional: true },
  /** When the source was made, ISO 8601. */
  creationTime: { type: "string" },
  /** The page on which approvers vote. */
  approvalPortalUrl: { type: "string" },
  /** The region that Multi-party approval itself is in. */
  region: REGION,
  /** The id in the tag `pulumi-aws-approvals:owner`, which only this state knows: the resource is of the state that has it. */
  ownershipId: OWNERSHIP.ownershipId,
  /** `true` while the tag does not have the id, because the create was interrupted or somebody removed it: the next `up` sets it. */
  unmarked: OWNERSHIP.unmarked,
  /** The keys of tags that the resource had when it was adopted and that the program does not name: they are left alone. */
  unmanagedTags: OWNERSHIP.unmanagedTags,
} as const satisfies Properties;

/** The declaration of an MPA identity source. */
export const identitySource = {
  token: "aws-approvals:mpa:IdentitySource",
  inputs,
  outputs,
  timeouts: { create: "10m", delete: "10m" },
  insteadOfImport:
    "Take the source over with adopt: true, refer to it with IdentitySource.get(name, arn), or import it with the classes of pulumi-aws-approvals/plugin.",
  actions: [
    "mpa:CreateIdentitySource",
    "mpa:GetIdentitySource",
    "mpa:ListIdentitySources",
    "mpa:DeleteIdentitySource",
    "mpa:TagResource",
    "mpa:UntagResource",
    "mpa:ListTagsForResource",
    // What AWS does with IAM Identity Center on behalf of the caller: MPA User Guide, minimum permissions.
    "kms:Decrypt",
    "sso:CreateApplication",
    "sso:DeleteApplication",
    "sso:DescribeApplication",
    "sso:DescribeInstance",
    "sso:ListInstances",
    "sso:PutApplicationAccessScope",
    "sso:PutApplicationAssignmentConfiguration",
    "sso:PutApplicationAuthenticationMethod",
    "sso:PutApplicationGrant",
  ],
} as const satisfies ResourceDeclaration;
