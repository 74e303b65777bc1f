import { readFile } from "node:fs/promises";
import type { Credentials, STSClient, STSClientConfig } from "@aws-sdk/client-sts";
import { doesIdentityRequireRefresh, isIdentityExpired, memoizeIdentityProvider } from "@smithy/core";
import { loadSharedConfigFiles } from "@smithy/core/config";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import type { ValueOf, ValuesOf } from "../declaration/properties";
import { parseDuration } from "../duration";
import { type AwsSettings, expandHome } from "./environment";
import { call, ReadableError, type Remedies, remedyFor } from "./errors";
import type { assumeRoleWithWebIdentity, settings } from "./settings";
import { keyOf } from "./settings";

type AssumeRole = ValueOf<typeof settings.assumeRoles>[number];
type AssumeRoleWithWebIdentity = Partial<ValuesOf<typeof assumeRoleWithWebIdentity>>;

/** STS for the calls that yield credentials, with the credentials to make them with. */
interface Sts {
  config(credentials?: AwsCredentialIdentity): Promise<STSClientConfig>;
  client(credentials?: AwsCredentialIdentity): Promise<STSClient>;
}

const SESSION_NAME = "pulumi-aws-approvals";

/**
 * The credentials to use, renewed before they expire, in the order of the `aws` provider and the AWS CLI:
 * 1. what the configuration names: static keys, a web identity, a profile;
 * 2. the environment: `AWS_ACCESS_KEY_ID`, then `AWS_WEB_IDENTITY_TOKEN_FILE`, also where `AWS_PROFILE` is set;
 * 3. the profile, then container and instance.
 *
 * With them the roles of `assumeRoles` are assumed, one after the other.
 * @throws ReadableError when a role cannot be assumed
 */
export async function resolveCredentials(
  settings: AwsSettings,
  sts: Sts,
): Promise<AwsCredentialIdentityProvider> {
  const base = await baseCredentials(settings, sts);
  const roles = settings.assumeRoles ?? [];
  const chain = roles.reduce<AwsCredentialIdentityProvider>(
    (before, role, index) => async () =>
      assumeRole(roleParameters(role), await before(), sts, `${keyOf(settings, "assumeRoles")}[${index}]`),
    base,
  );
  const credentials = memoizeIdentityProvider(chain, isIdentityExpired, doesIdentityRequireRefresh);
  if (credentials === undefined) throw new Error("no credential provider");
  // Within the call that needs them, our errors would look like that call's, and be tried again for each try of it.
  await credentials().catch((error: unknown) => {
    if (error instanceof ReadableError) throw error;
  });
  return credentials;
}

async function baseCredentials(settings: AwsSettings, sts: Sts): Promise<AwsCredentialIdentityProvider> {
  const { accessKey, secretKey, token, assumeRoleWithWebIdentity: webIdentity } = settings;
  if (accessKey && secretKey)
    return async () => ({ accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken: token });
  if (webIdentity)
    return () => assumeWithWebIdentity(webIdentity, sts, keyOf(settings, "assumeRoleWithWebIdentity"));
  return settings.profileIsConfigured
    ? profileCredentials(settings, sts)
    : (environmentCredentials(sts) ?? profileCredentials(settings, sts));
}

function environmentCredentials(sts: Sts): AwsCredentialIdentityProvider | undefined {
  const { env } = process;
  if (env["AWS_ACCESS_KEY_ID"] && env["AWS_SECRET_ACCESS_KEY"])
    return async () => (await import("@aws-sdk/credential-provider-env")).fromEnv()();
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: webIdentityTokenFile } = env;
  if (!roleArn || !webIdentityTokenFile) return undefined;
  const sessionName = env["AWS_ROLE_SESSION_NAME"];
  return () =>
    assumeWithWebIdentity({ roleArn, webIdentityTokenFile, sessionName }, sts, "AWS_WEB_IDENTITY_TOKEN_FILE");
}

/** The profile's credentials, or else those of the container or the instance. */
async function profileCredentials(settings: AwsSettings, sts: Sts): Promise<AwsCredentialIdentityProvider> {
  const { region, requestHandler } = await sts.config();
  const options = {
    ...settings.profileSource,
    // The calls that the profile makes necessary go where all others go, and in the same way.
    roleAssumer: (credentials: AwsCredentialIdentity, parameters: RoleParameters) =>
      assumeRole(parameters, credentials, sts, "the profile's role_arn"),
    roleAssumerWithWebIdentity: (parameters: WebIdentityParameters) =>
      assumeRoleWithToken(parameters, sts, "the profile's web_identity_token_file"),
    parentClientConfig: { region, requestHandler },
    logger: SILENT,
  };
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path } =
    process.env;
  if (await usesProcess(settings)) return processCredentials(options);
  // Without a container, what is left after the profile is the instance's metadata.
  if (settings.skipMetadataApiCheck && !uri && !path)
    return (await import("@aws-sdk/credential-provider-ini")).fromIni(options);
  return (await import("@aws-sdk/credential-provider-node")).defaultProvider(options);
}

/** Whether the profile's credentials, or those that it assumes its role with, come from a credential_process. */
async function usesProcess({ profileSource }: AwsSettings): Promise<boolean> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles(profileSource);
  const visited = new Set<string>();
  let name: string | undefined = profileSource.profile;
  while (name !== undefined && !visited.has(name)) {
    visited.add(name);
    const profile: Record<string, string | undefined> = { ...configFile[name], ...credentialsFile[name] };
    if (profile["credential_process"]) return true;
    name = profile["source_profile"];
  }
  return false;
}

/** What the process says about its failure; the SDK's chain of providers would try others, and not tell it. */
async function processCredentials(
  options: Parameters<typeof import("@aws-sdk/credential-provider-ini").fromIni>[0],
): Promise<AwsCredentialIdentityProvider> {
  const { fromIni } = await import("@aws-sdk/credential-provider-ini");
  const provider = fromIni(options);
  return async () => {
    try {
      return await provider();
    } catch (error) {
      const [, said] = /^Command failed: [^\n]*\n(.*)$/s.exec((error as Error).message) ?? [];
      if (said === undefined) throw error;
      throw new ReadableError(
        "the profile's credential_process",
        said.trim() || "it failed without an error message.",
      );
    }
  };
}

/** The SDK warns when there are credentials in the environment beside the profile that the configuration names. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

interface RoleParameters {
  RoleArn: string | undefined;
  RoleSessionName: string | undefined;
}

interface WebIdentityParameters extends RoleParameters {
  WebIdentityToken: string | undefined;
}

const roleParameters = (role: AssumeRole) => ({
  ...sessionParameters(role),
  ExternalId: role.externalId,
  SourceIdentity: role.sourceIdentity,
  Tags: Object.entries(role.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
  TransitiveTagKeys: role.transitiveTagKeys,
});

const sessionParameters = (role: AssumeRole | AssumeRoleWithWebIdentity) => ({
  RoleArn: role.roleArn,
  RoleSessionName: role.sessionName || SESSION_NAME,
  DurationSeconds: role.duration ? (parseDuration(role.duration) ?? 0) / 1000 : undefined,
  Policy: role.policy,
  PolicyArns: role.policyArns?.map((arn) => ({ arn })),
});

async function assumeRole(
  parameters: RoleParameters,
  credentials: AwsCredentialIdentity,
  sts: Sts,
  setting: string,
): Promise<AwsCredentialIdentity> {
  const { AssumeRoleCommand } = await import("@aws-sdk/client-sts");
  const command = new AssumeRoleCommand(parameters);
  return requestCredentials(await sts.client(credentials), "sts:AssumeRole", setting, (client) =>
    client.send(command),
  );
}

async function assumeWithWebIdentity(
  role: AssumeRoleWithWebIdentity,
  sts: Sts,
  setting: string,
): Promise<AwsCredentialIdentity> {
  const WebIdentityToken =
    role.webIdentityToken ?? (await readToken(role.webIdentityTokenFile ?? "", setting));
  return assumeRoleWithToken({ ...sessionParameters(role), WebIdentityToken }, sts, setting);
}

async function readToken(file: string, setting: string): Promise<string> {
  try {
    return (await readFile(expandHome(file), "utf8")).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ReadableError(setting, `the token file cannot be read (${code}).`);
  }
}

async function assumeRoleWithToken(
  parameters: WebIdentityParameters,
  sts: Sts,
  setting: string,
): Promise<AwsCredentialIdentity> {
  const { AssumeRoleWithWebIdentityCommand } = await import("@aws-sdk/client-sts");
  const command = new AssumeRoleWithWebIdentityCommand(parameters);
  return requestCredentials(await sts.client(), "sts:AssumeRoleWithWebIdentity", setting, (client) =>
    client.send(command),
  );
}

async function requestCredentials(
  client: STSClient,
  operation: string,
  setting: string,
  send: (client: STSClient) => Promise<{ Credentials?: Credentials }>,
): Promise<AwsCredentialIdentity> {
  const { Credentials } = await call(operation, setting, () => send(client), REMEDIES).finally(() =>
    client.destroy(),
  );
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey)
    throw new ReadableError(setting, `${operation} returned no credentials.`);
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
    expiration: Credentials.Expiration,
  };
}

const REMEDIES: Remedies = {
  AccessDenied:
    "The role's trust policy must allow the caller. If the role is in another account, the caller also needs permission to assume it.",
  ...remedyFor(
    ["InvalidIdentityToken", "IDPRejectedClaim", "IDPCommunicationError"],
    "Get a new token from the identity provider, and check that the role trusts it.",
  ),
};
