import { parseDuration } from "../duration";

/** Looks up a full key, such as `aws:region`, in the stack's configuration. */
export type ConfigLookup = (key: string) => string | undefined;

/** A role to assume, with the names of the `aws` provider's `assumeRoles`. */
export interface AssumeRole {
  roleArn: string;
  sessionName?: string;
  externalId?: string;
  /** A time span such as `1h`. */
  duration?: string;
  /** A session policy, JSON text: it limits the role's permissions. */
  policy?: string;
  policyArns?: string[];
  sourceIdentity?: string;
  tags?: Record<string, string>;
  transitiveTagKeys?: string[];
}

/** Account ids, and the configuration key that they come from. */
export interface AccountList {
  key: string;
  accountIds: string[];
}

/** The stack's AWS settings. For what is left out, the SDK's defaults apply. */
export interface AwsConfiguration {
  region?: string;
  profile?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  assumeRoles: AssumeRole[];
  endpoints: { iam?: string; sts?: string; mpa?: string; sqs?: string };
  useFipsEndpoint?: boolean;
  useDualstackEndpoint?: boolean;
  maxAttempts?: number;
  /** No other account may be read or changed. */
  allowedAccounts?: AccountList;
  /** These accounts may not be read or changed. */
  forbiddenAccounts?: AccountList;
}

/**
 * Reads the stack's configuration: `aws-approvals:*` before `aws:*`, with the key names of the `aws` provider. Both take
 * precedence over the environment, as in the `aws` provider, so that all resources of a stack are in one account. It is
 * read at run time, so none of it is in the state.
 *
 * Keys: `region`, `profile`, `accessKey`, `secretKey`, `token`, `assumeRoles`, `endpoints`, `useFipsEndpoint`,
 * `useDualstackEndpoint`, `maxRetries`, `allowedAccountIds`, `forbiddenAccountIds`.
 * @throws Error that names the key when a structured value is not the JSON that Pulumi writes.
 */
export function readConfiguration(lookup: ConfigLookup): AwsConfiguration {
  const find = <T>(name: string, parse: (text: string, key: string) => T): T | undefined => {
    const key = [`aws-approvals:${name}`, `aws:${name}`].find((candidate) => lookup(candidate));
    if (!key) return undefined;
    try {
      return parse(lookup(key) as string, key);
    } catch (error) {
      throw new Error(`${key}: ${(error as Error).message}`, { cause: error });
    }
  };
  const text = (name: string) => find(name, String);
  const flag = (name: string) => find(name, (value) => value === "true");

  const accessKeyId = text("accessKey");
  const secretAccessKey = text("secretKey");
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new Error("aws:accessKey and aws:secretKey: give both or none");
  }
  if (lookup("aws:assumeRoleWithWebIdentity")) {
    throw new Error(
      "aws:assumeRoleWithWebIdentity: is not supported; set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE",
    );
  }
  const maxRetries = find("maxRetries", parseCount);
  const endpoints =
    find("endpoints", (json) => Object.assign({}, ...parseList<object>(json, "objects"))) ?? {};
  return {
    region: text("region"),
    profile: text("profile"),
    credentials:
      accessKeyId && secretAccessKey
        ? { accessKeyId, secretAccessKey, sessionToken: text("token") }
        : undefined,
    assumeRoles:
      find("assumeRoles", (json) => parseList<AssumeRole>(json, "objects").map(validateRole)) ?? [],
    endpoints,
    useFipsEndpoint: flag("useFipsEndpoint"),
    useDualstackEndpoint: flag("useDualstackEndpoint"),
    maxAttempts: maxRetries === undefined ? undefined : maxRetries + 1,
    allowedAccounts: find("allowedAccountIds", parseAccounts),
    forbiddenAccounts: find("forbiddenAccountIds", parseAccounts),
  };
}

function validateRole(role: AssumeRole): AssumeRole {
  if (!role.roleArn) throw new Error("every role needs a roleArn");
  if (role.duration && !parseDuration(role.duration))
    throw new Error('duration must be a time span such as "1h"');
  return role;
}

function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error("must be a whole number, 0 or more");
  return Number(text);
}

/** An empty list is the same as none, as in the `aws` provider. */
function parseAccounts(json: string, key: string): AccountList | undefined {
  // `pulumi config set --path` stores values that look like numbers as numbers.
  const accountIds = parseList<string | number>(json, "account ids").map(String);
  if (!accountIds.every((id) => /^\d{12}$/.test(id))) {
    throw new Error("every account id needs its 12 digits, in quotes when the first is a 0");
  }
  return accountIds.length > 0 ? { key, accountIds } : undefined;
}

function parseList<T>(json: string, what: string): T[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value)) throw new Error(`must be a list of ${what}`);
  return value;
}
