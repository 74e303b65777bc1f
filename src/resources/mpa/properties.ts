import type { Properties, Property } from "../../declaration/properties";

/** The region of Multi-party approval, or of an instance of IAM Identity Center. */
export const REGION = {
  type: "string",
  minLength: 1,
  maxLength: 1000,
  pattern: /^[a-z0-9-]+$/,
  patternMessage: "must be a region, such as us-east-1",
} as const satisfies Property;

/** The ARN of an approval team. */
export const TEAM_ARN = {
  type: "string",
  minLength: 20,
  maxLength: 2048,
  pattern: /^arn:aws(-[^:]+)?:mpa:[a-z0-9-]{1,20}:[0-9]{12}:approval-team\/[a-zA-Z0-9._-]+$/,
  patternMessage: "must be the ARN of an approval team",
} as const satisfies Property;

/** The argument `region` of every resource of Multi-party approval. */
export const REGION_ARGUMENT = {
  ...REGION,
  optional: true,
  computed: true,
  onChange: "replace",
  keptWhenOmitted: true,
  local: true,
} as const satisfies Property;

/** The argument `clientToken` of every resource of Multi-party approval. */
export const CLIENT_TOKEN = {
  type: "string",
  minLength: 1,
  maxLength: 4096,
  optional: true,
  onChange: "replace",
  keptWhenOmitted: true,
} as const satisfies Property;

/** Tags as every taggable resource of Multi-party approval has them: AWS allows 50, and one is ours. */
export const TAGS = {
  type: "map",
  maxProperties: 49,
  keys: {
    type: "string",
    minLength: 1,
    maxLength: 128,
    pattern: /^(?!aws:|pulumi-aws-approvals:)/i,
    patternMessage: 'must not begin with "aws:" or "pulumi-aws-approvals:": these prefixes are reserved',
  },
  values: { type: "string", maxLength: 256 },
  optional: true,
  onChange: "update",
} as const satisfies Property;

/**
 * The outputs of every taggable resource of Multi-party approval that say whose it is, and which tags are. Each resource
 * documents them where it names them, since a spread would leave the comments out of the declaration files.
 */
export const OWNERSHIP = {
  ownershipId: { type: "string", optional: true },
  unmarked: { type: "boolean", optional: true },
  unmanagedTags: { type: "array", items: { type: "string" }, optional: true },
} as const satisfies Properties;
