import type { IAMClient } from "@aws-sdk/client-iam";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { STSClient } from "@aws-sdk/client-sts";
import { checkAccount } from "./account";
import type { AwsConfiguration } from "./configuration";
import type { MPAClient } from "./mpa";

const { version } = require("../../package.json") as { version: string };

/** The region of AWS's global services, used when nothing names a region. */
const DEFAULT_REGION = "us-east-1";

/**
 * The clients of the services we use, each loaded and created on first use. Creating one fails when the configuration does
 * not allow the account of the credentials.
 */
export class AwsClients {
  private readonly clients = new Map<string, Promise<unknown>>();

  constructor(private readonly configuration: AwsConfiguration) {}

  iam(): Promise<IAMClient> {
    return this.memoize("iam", async () => {
      const { IAMClient } = await import("@aws-sdk/client-iam");
      return new IAMClient(await this.checkedClientConfig("iam"));
    });
  }

  sts(): Promise<STSClient> {
    return this.memoize("sts", async () => {
      const { STSClient } = await import("@aws-sdk/client-sts");
      return new STSClient(await this.checkedClientConfig("sts"));
    });
  }

  /** @param region the region of the queues; without it, the configured one. */
  sqs(region?: string): Promise<SQSClient> {
    return this.memoize(`sqs ${region}`, async () => {
      const { SQSClient } = await import("@aws-sdk/client-sqs");
      return new SQSClient({ ...(await this.checkedClientConfig("sqs")), ...(region && { region }) });
    });
  }

  /** @param region the region that MPA is in; without it, the one of the configured partition. */
  async mpa(region?: string): Promise<MPAClient> {
    const resolved = region ?? (await this.mpaRegion());
    return this.memoize(`mpa ${resolved}`, async () => {
      const { loadMpa } = await import("./mpa");
      const { MPAClient } = loadMpa();
      return new MPAClient({ ...(await this.checkedClientConfig("mpa")), region: resolved });
    });
  }

  /**
   * Multi-party approval is in one region of each partition, whatever the stack's region is: us-east-1 in the commercial
   * partition. For the others AWS documents none, and the region of the partition's global services is assumed.
   */
  async mpaRegion(): Promise<string> {
    const { partition } = await import("@aws-sdk/core/client");
    return (
      (partition(await this.region()) as { implicitGlobalRegion?: string }).implicitGlobalRegion ??
      DEFAULT_REGION
    );
  }

  private memoize<T>(key: string, create: () => Promise<T>): Promise<T> {
    const cached = this.clients.get(key) as Promise<T> | undefined;
    if (cached) return cached;
    const created = create().catch((error: unknown) => {
      // Failures are not cached: the next attempt may have new credentials, or a network.
      this.clients.delete(key);
      throw error;
    });
    this.clients.set(key, created);
    return created;
  }

  private region(): Promise<string> {
    return this.memoize("region", async () => {
      if (this.configuration.region) return this.configuration.region;
      const { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } = await import(
        "@smithy/core/config"
      );
      const sources = { ...NODE_REGION_CONFIG_OPTIONS, default: DEFAULT_REGION };
      return loadConfig(sources, {
        ...NODE_REGION_CONFIG_FILE_OPTIONS,
        profile: this.configuration.profile,
      })();
    });
  }

  /** @throws ReadableError when the credentials are of an account that the configuration does not allow */
  private async checkedClientConfig(service: keyof AwsConfiguration["endpoints"]) {
    await this.memoize("account", () =>
      checkAccount(this.configuration, async () => {
        const { STSClient } = await import("@aws-sdk/client-sts");
        return new STSClient(await this.clientConfig("sts"));
      }),
    );
    return this.clientConfig(service);
  }

  /** What is left out here, the SDK takes from the environment and the profile. */
  private async clientConfig(service: keyof AwsConfiguration["endpoints"]) {
    const { profile, endpoints, useFipsEndpoint, useDualstackEndpoint, maxAttempts } = this.configuration;
    const endpoint = endpoints[service];
    const credentials = await this.credentials();
    return {
      customUserAgent: [["pulumi-aws-approvals", version]] as [string, string][],
      region: await this.region(),
      ...(profile && { profile }),
      ...(credentials && { credentials }),
      ...(endpoint && { endpoint }),
      ...(useFipsEndpoint !== undefined && { useFipsEndpoint }),
      ...(useDualstackEndpoint !== undefined && { useDualstackEndpoint }),
      ...(maxAttempts !== undefined && { maxAttempts }),
    };
  }

  private credentials() {
    return this.memoize("credentials", async () => {
      const { credentials, assumeRoles, profile } = this.configuration;
      if (assumeRoles.length === 0) return credentials;
      const { assumeRoleChain } = await import("./assumeRoles");
      return assumeRoleChain(assumeRoles, credentials, {
        region: await this.region(),
        endpoint: this.configuration.endpoints.sts,
        profile,
      });
    });
  }
}
