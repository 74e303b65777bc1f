import type { Properties, Property } from "../declaration/properties";

/**
 * A key of the configuration, with the name and the meaning that it has for the `aws` provider. It is honoured unless
 * `refused` or `unused` says otherwise.
 */
export type Setting = Property & {
  optional: true;
  /** One of the keys that say whose credentials are used. They are taken from one namespace, all together. */
  credentials?: true;
  /** What is read where the configuration does not have the key: the first variable that is not empty. */
  environment?: readonly string[];
  /** Not honoured, and an error where it is set: what to do in its place. */
  refused?: string;
  /** Accepted without an effect: why it cannot have one here. */
  unused?: string;
};

const STRING = { type: "string" } as const;
const FLAG = { type: "boolean", optional: true } as const;
const URL = {
  type: "string",
  pattern: /^https?:\/\/\S+$/,
  patternMessage: "must be a URL that begins with http:// or https://",
} as const;
const DURATION = { type: "string", format: "duration", optional: true } as const;
const TEXT = { type: "string", optional: true } as const;
const TEXTS = { type: "array", items: STRING, optional: true } as const;
const ACCOUNT_IDS = {
  type: "array",
  items: {
    type: "string",
    pattern: /^\d{12}$/,
    patternMessage: "must be an account id of 12 digits, in quotes when it begins with 0",
  },
  optional: true,
} as const;
/** The one file that the AWS SDK for JavaScript reads of each kind. */
const FILE = { type: "array", items: { type: "string", minLength: 1 }, maxItems: 1, optional: true } as const;

/** A role to assume. */
export const assumeRole = {
  /** The ARN of the role. */
  roleArn: { type: "string", minLength: 1 },
  /** The name of the session. Default: `pulumi-aws-approvals`. */
  sessionName: TEXT,
  /** The external id that the role's trust policy asks for. */
  externalId: TEXT,
  /** How long the credentials are good for: `15m` to `12h`. Default: one hour. */
  duration: DURATION,
  /** A session policy, JSON text: it narrows the role's permissions. */
  policy: TEXT,
  /** ARNs of managed policies that narrow the role's permissions. */
  policyArns: TEXTS,
  /** The source identity that CloudTrail shows. */
  sourceIdentity: TEXT,
  /** Session tags. */
  tags: { type: "map", keys: STRING, values: STRING, optional: true },
  /** The session tags that are passed on to the next role. */
  transitiveTagKeys: TEXTS,
} as const satisfies Properties;

/** A role to assume with a token of an identity provider. */
export const assumeRoleWithWebIdentity = {
  /** The ARN of the role. */
  roleArn: { type: "string", minLength: 1 },
  /** The name of the session. Default: `pulumi-aws-approvals`. */
  sessionName: TEXT,
  /** How long the credentials are good for: `15m` to `12h`. Default: one hour. */
  duration: DURATION,
  /** A session policy, JSON text: it narrows the role's permissions. */
  policy: TEXT,
  /** ARNs of managed policies that narrow the role's permissions. */
  policyArns: TEXTS,
  /** The token itself. */
  webIdentityToken: { ...TEXT, secret: true },
  /** The file that the token is in. It is read again when the credentials are renewed. */
  webIdentityTokenFile: TEXT,
} as const satisfies Properties;

/** Tags that every taggable resource gets. */
export const defaultTags = {
  /** Keys and values. */
  tags: { type: "map", keys: STRING, values: STRING, optional: true },
} as const satisfies Properties;

/** Tags that belong to others. */
export const ignoreTags = {
  /** Keys. */
  keys: TEXTS,
  /** What keys begin with. */
  keyPrefixes: TEXTS,
} as const satisfies Properties;

/**
 * Every configuration key of the `aws` provider, and what it does here. The reader of the configuration, the types of
 * programs and the page in docs are derived from it.
 */
export const settings = {
  /** The region of the calls. Default: that of the profile, else `us-east-1`. */
  region: { ...TEXT, environment: ["AWS_REGION", "AWS_DEFAULT_REGION"] },
  /** The profile whose credentials are used, and what else it says: region, endpoints, retries, certificates. */
  profile: { ...TEXT, credentials: true, environment: ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] },
  /** The access key id of static credentials; with `secretKey`. */
  accessKey: { ...TEXT, secret: true, credentials: true, environment: ["AWS_ACCESS_KEY_ID"] },
  /** The secret access key of static credentials; with `accessKey`. */
  secretKey: { ...TEXT, secret: true, credentials: true, environment: ["AWS_SECRET_ACCESS_KEY"] },
  /** The session token, when the static credentials are temporary. */
  token: { ...TEXT, secret: true, credentials: true, environment: ["AWS_SESSION_TOKEN"] },
  /** The config file to read. Default: `~/.aws/config`. */
  sharedConfigFiles: { ...FILE, credentials: true, environment: ["AWS_CONFIG_FILE"] },
  /** The credentials file to read. Default: `~/.aws/credentials`. */
  sharedCredentialsFiles: { ...FILE, credentials: true, environment: ["AWS_SHARED_CREDENTIALS_FILE"] },
  /** Roles to assume, each with the credentials of the one before. */
  assumeRoles: {
    type: "array",
    items: { type: "object", properties: assumeRole },
    optional: true,
    credentials: true,
  },
  /** A role to assume with a token of an identity provider, before `assumeRoles`. */
  assumeRoleWithWebIdentity: {
    type: "object",
    properties: assumeRoleWithWebIdentity,
    optional: true,
    credentials: true,
  },
  /** The only accounts that may be read or changed. */
  allowedAccountIds: ACCOUNT_IDS,
  /** Accounts that may never be read or changed. */
  forbiddenAccountIds: ACCOUNT_IDS,
  /** URLs by service. Those of `iam`, `sts`, `mpa`, `sqs`, `dynamodb`, `identitystore`, `backup` and `paymentcryptography` are used here. */
  endpoints: {
    type: "array",
    items: { type: "map", keys: STRING, values: URL },
    optional: true,
    environment: ["AWS_ENDPOINT_URL_<SERVICE>", "AWS_ENDPOINT_URL"],
  },
  /** The region of the calls to STS. Default: `region`. */
  stsRegion: TEXT,
  /** Whether FIPS endpoints are called. */
  useFipsEndpoint: { ...FLAG, environment: ["AWS_USE_FIPS_ENDPOINT"] },
  /** Whether dual-stack endpoints are called. Those of Multi-party approval always are. */
  useDualstackEndpoint: { ...FLAG, environment: ["AWS_USE_DUALSTACK_ENDPOINT"] },
  /** How often a call is made at most, the first time included; 0 is the same as 1. Default: 25. */
  maxRetries: {
    type: "integer",
    minimum: 0,
    maximum: 1000,
    unit: "tries",
    optional: true,
    environment: ["AWS_MAX_ATTEMPTS"],
  },
  /** Whether repeated calls also wait for what AWS has throttled before: `adaptive`. */
  retryMode: {
    type: "string",
    enum: ["standard", "adaptive"],
    optional: true,
    environment: ["AWS_RETRY_MODE"],
  },
  /** The proxy for `http://` endpoints, and for `https://` endpoints where they have none. */
  httpProxy: { ...TEXT, secret: true, environment: ["HTTP_PROXY", "http_proxy"] },
  /** The proxy for `https://` endpoints. */
  httpsProxy: { ...TEXT, secret: true, environment: ["HTTPS_PROXY", "https_proxy"] },
  /** Hosts that are called without a proxy, separated by commas. */
  noProxy: { ...TEXT, environment: ["NO_PROXY", "no_proxy"] },
  /** A file of certificates (PEM) of authorities to trust, in place of the usual ones; a profile's `ca_bundle` is one. */
  customCaBundle: { ...TEXT, environment: ["AWS_CA_BUNDLE"] },
  /** Whether certificates are not checked. */
  insecure: FLAG,
  /**
   * Tags of every taggable resource, beside its own; one of its own with the same key wins. They are part of its `tags`,
   * since there is no `tagsAll` here. Delegation requests have no tags.
   */
  defaultTags: { type: "object", properties: defaultTags, optional: true },
  /** Tags that others set: they are neither shown nor removed. A resource cannot have them as its own. */
  ignoreTags: { type: "object", properties: ignoreTags, optional: true },
  /** Products to name in the user agent of the calls. */
  userAgents: TEXTS,
  /** Whether credentials of EC2 instance metadata are refused. */
  skipMetadataApiCheck: { ...FLAG, environment: ["AWS_EC2_METADATA_DISABLED"] },
  /** The endpoint of EC2 instance metadata. */
  ec2MetadataServiceEndpoint: {
    ...TEXT,
    environment: ["AWS_EC2_METADATA_SERVICE_ENDPOINT"],
    refused: "set AWS_EC2_METADATA_SERVICE_ENDPOINT, which the aws provider reads as well",
  },
  /** `IPv4` or `IPv6`, for the endpoint of EC2 instance metadata. */
  ec2MetadataServiceEndpointMode: {
    ...TEXT,
    environment: ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"],
    refused: "set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, which the aws provider reads as well",
  },
  /** Whether the credentials are not tried before the first call. */
  skipCredentialsValidation: { ...FLAG, unused: "The first call shows whether the credentials are valid." },
  /** Whether the name of the region is not looked up in a list. */
  skipRegionValidation: { ...FLAG, unused: "This package has no list of regions." },
  /** Whether the account of the credentials is not asked for. */
  skipRequestingAccountId: {
    ...FLAG,
    unused: "The account id is requested only if `allowedAccountIds` or `forbiddenAccountIds` is set.",
  },
  /** The capacity of the rate limiter of retries. */
  tokenBucketRateLimiterCapacity: {
    type: "integer",
    minimum: 0,
    maximum: 1_000_000,
    unit: "tokens",
    optional: true,
    unused: "Retries are not limited across calls, as in the `aws` provider without this key.",
  },
  /** What happens when a resource lacks tags that the organization's tag policy requires. */
  tagPolicyCompliance: { ...TEXT, unused: "It applies to resource types of the `aws` provider." },
  /** Which endpoint of S3 is called in us-east-1. */
  s3UsEast1RegionalEndpoint: { ...TEXT, unused: "This package does not call S3." },
  /** Whether buckets are named in paths. */
  s3UsePathStyle: { ...FLAG, unused: "This package does not call S3." },
} as const satisfies { readonly [name: string]: Setting };

/** The name of a configuration key, without its namespace. */
export type SettingName = keyof typeof settings;

/** A setting as the user wrote its key, with the namespace that it comes from; its name alone where that is not known. */
export const keyOf = ({ keys }: { keys?: Partial<Record<SettingName, string>> }, name: SettingName): string =>
  keys?.[name] ?? name;
