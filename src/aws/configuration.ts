import { parseDuration } from "../duration";

/** Looks a key up in the stack's configuration, in full: `aws:region`. */
export type ConfigLookup = (key: string) => string | undefined;

/** A role to assume, with the names that the `aws` provider's `assumeRoles` has. */
export interface AssumeRole {
  roleArn: string;
  sessionName?: string;
  externalId?: string;
  /** A time span such as `1h`. */
  duration?: string;
  /** A session policy, JSON text: what the role may do is narrowed to it. */
  policy?: string;
  policyArns?: string[];
  sourceIdentity?: string;
  tags?: Record<string, string>;
  transitiveTagKeys?: string[];
}

/** Accounts, and the key that lists them. */
export interface AccountList {
  key: string;
  accountIds: string[];
}

/** What the stack says about the AWS to talk to. What it leaves open is the SDK's to find out. */
export interface AwsConfiguration {
  region?: string;
  profile?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  assumeRoles: AssumeRole[];
  endpoints: { iam?: string; sts?: string; mpa?: string; sqs?: string };
  useFipsEndpoint?: boolean;
  useDualstackEndpoint?: boolean;
  maxAttempts?: number;
  /** When given, no other account may be read or changed. */
  allowedAccounts?: AccountList;
  /** None of these may be read or changed. */
  forbiddenAccounts?: AccountList;
}

/**
 * Reads the stack's configuration: `aws-approvals:*` before `aws:*`, with the `aws` provider's names for what it
 * has too. Both come before the environment, as they do in the `aws` provider: resources of one stack must not
 * end up in two accounts. Read at run time, so none of it is in the state.
 *
 * Keys: `region`, `profile`, `accessKey`, `secretKey`, `token`, `assumeRoles`, `endpoints`, `useFipsEndpoint`,
 * `useDualstackEndpoint`, `maxRetries`, `allowedAccountIds`, `forbiddenAccountIds`.
 * @throws Error that names the key when a structured value is not the JSON that Pulumi makes of it.
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
  const maxRetries = find("maxRetries", count);
  const endpoints = find("endpoints", (json) => Object.assign({}, ...listOf<object>(json, "objects"))) ?? {};
  return {
    region: text("region"),
    profile: text("profile"),
    credentials:
      accessKeyId && secretAccessKey
        ? { accessKeyId, secretAccessKey, sessionToken: text("token") }
        : undefined,
    assumeRoles: find("assumeRoles", (json) => listOf<AssumeRole>(json, "objects").map(checkedRole)) ?? [],
    endpoints,
    useFipsEndpoint: flag("useFipsEndpoint"),
    useDualstackEndpoint: flag("useDualstackEndpoint"),
    maxAttempts: maxRetries === undefined ? undefined : maxRetries + 1,
    allowedAccounts: find("allowedAccountIds", accounts),
    forbiddenAccounts: find("forbiddenAccountIds", accounts),
  };
}

function checkedRole(role: AssumeRole): AssumeRole {
  if (!role.roleArn) throw new Error("every role needs a roleArn");
  if (role.duration && !parseDuration(role.duration))
    throw new Error('duration must be a time span such as "1h"');
  return role;
}

function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error("must be a whole number, 0 or more");
  return Number(text);
}

/** An empty list says nothing, as it does to the `aws` provider. */
function accounts(json: string, key: string): AccountList | undefined {
  // `pulumi config set --path` makes a number of what looks like one.
  const accountIds = listOf<string | number>(json, "account ids").map(String);
  if (!accountIds.every((id) => /^\d{12}$/.test(id))) {
    throw new Error("every account id needs its 12 digits, in quotes when the first is a 0");
  }
  return accountIds.length > 0 ? { key, accountIds } : undefined;
}

function listOf<T>(json: string, what: string): T[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value)) throw new Error(`must be a list of ${what}`);
  return value;
}
