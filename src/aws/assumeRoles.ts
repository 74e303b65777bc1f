import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { parseDuration } from "../duration";
import type { AssumeRole, AwsConfiguration } from "./configuration";

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}
type CredentialsProvider = () => Promise<Credentials>;

/**
 * Credentials of the last of a chain of roles, each assumed with the credentials of the one before, like the `aws`
 * provider's `assumeRoles`. The SDK caches them and calls this again before they expire.
 */
export function assumeRoleChain(
  roles: readonly AssumeRole[],
  baseCredentials: AwsConfiguration["credentials"],
  sts: { region: string; endpoint?: string; profile?: string },
): CredentialsProvider {
  return roles.reduce<Credentials | CredentialsProvider | undefined>(
    (credentials, role) => () => assumeRole(role, credentials, sts),
    baseCredentials,
  ) as CredentialsProvider;
}

async function assumeRole(
  role: AssumeRole,
  credentials: Credentials | CredentialsProvider | undefined,
  { region, endpoint, profile }: { region: string; endpoint?: string; profile?: string },
): Promise<Credentials> {
  const client = new STSClient({
    region,
    ...(endpoint && { endpoint }),
    ...(profile && { profile }),
    ...(credentials && { credentials }),
  });
  try {
    const { Credentials: assumed } = await client.send(
      new AssumeRoleCommand({
        RoleArn: role.roleArn,
        RoleSessionName: role.sessionName ?? "pulumi-aws-approvals",
        ExternalId: role.externalId,
        DurationSeconds: role.duration ? (parseDuration(role.duration) ?? 0) / 1000 : undefined,
        Policy: role.policy,
        PolicyArns: role.policyArns?.map((arn) => ({ arn })),
        SourceIdentity: role.sourceIdentity,
        Tags: Object.entries(role.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
        TransitiveTagKeys: role.transitiveTagKeys,
      }),
    );
    if (!assumed?.AccessKeyId || !assumed.SecretAccessKey) {
      throw new Error(`sts:AssumeRole of ${role.roleArn} answered without credentials`);
    }
    return {
      accessKeyId: assumed.AccessKeyId,
      secretAccessKey: assumed.SecretAccessKey,
      sessionToken: assumed.SessionToken,
      expiration: assumed.Expiration,
    };
  } catch (error) {
    // With STS's error name, this would look like a failure of the call that needs the credentials.
    const message = `sts:AssumeRole of ${role.roleArn}: ${(error as Error).name}: ${(error as Error).message}`;
    throw Object.assign(new Error(message, { cause: error }), { name: "CredentialsProviderError" });
  } finally {
    client.destroy();
  }
}
