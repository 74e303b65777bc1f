import type { Properties, ResourceDeclaration } from "../../../declaration/properties";
import { ADOPT } from "../../properties";
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
  /** The IAM Identity Center instance whose users can become approvers. */
  iamIdentityCenter: { type: "object", properties: iamIdentityCenter, onChange: "replace" },
  /**
   * A token with which a repeated create finds the result of the first one; at most 4,096 characters. Default: derived
   * from organization, project, stack, resource and instance, which also works after a crash. If the token's source has
   * been deleted, a new token is used.
   */
  clientToken: CLIENT_TOKEN,
  /**
   * Whether create adopts the account's existing source, of which there can be only one, if it is for the same
   * instance. The stack then manages the source, and destroy deletes it. Default: false, which makes an existing source
   * an error.
   */
  adopt: ADOPT,
  /**
   * At most 49 tags, keys of 1 to 128 characters, values of up to 256. Set once the source is ACTIVE. AWS allows 50;
   * this package uses one, `pulumi-aws-approvals:owner`, and records who manages the source.
   */
  tags: TAGS,
  /**
   * The region of Multi-party approval. Default: us-east-1 in the commercial partition, elsewhere the region of the
   * partition's global services.
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
  /** When the source was created, ISO 8601. */
  creationTime: { type: "string" },
  /** The page on which approvers vote. */
  approvalPortalUrl: { type: "string" },
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

/** The declaration of an MPA identity source. */
export const identitySource = {
  token: "aws-approvals:mpa:IdentitySource",
  inputs,
  outputs,
  timeouts: { create: "10m", delete: "10m" },
  insteadOfImport:
    "Adopt the source with adopt: true, refer to it with IdentitySource.get(name, arn), or import it with the classes of pulumi-aws-approvals/plugin.",
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
