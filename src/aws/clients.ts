import type { IAMClient } from "@aws-sdk/client-iam";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { STSClient } from "@aws-sdk/client-sts";
import { checkAccount } from "./account";
import type { AwsConfiguration } from "./configuration";
import type { MPAClient } from "./mpa";

const { version } = require("../../package.json") as { version: string };

/** Where AWS's global services answer when nothing names a region. */
const DEFAULT_REGION = "us-east-1";

/**
 * The clients of the services we use, each loaded when it is first asked for and kept. There are none for an account that
 * the configuration does not allow: asking for the first one fails.
 */
export class AwsClients {
  private readonly clients = new Map<string, Promise<unknown>>();

  constructor(private readonly configuration: AwsConfiguration) {}

  iam(): Promise<IAMClient> {
    return this.kept("iam", async () => {
      const { IAMClient } = await import("@aws-sdk/client-iam");
      return new IAMClient(await this.settings("iam"));
    });
  }

  sts(): Promise<STSClient> {
    return this.kept("sts", async () => {
      const { STSClient } = await import("@aws-sdk/client-sts");
      return new STSClient(await this.settings("sts"));
    });
  }

  /** @param region the region of the queues; without it, the configured one. */
  sqs(region?: string): Promise<SQSClient> {
    return this.kept(`sqs ${region}`, async () => {
      const { SQSClient } = await import("@aws-sdk/client-sqs");
      return new SQSClient({ ...(await this.settings("sqs")), ...(region && { region }) });
    });
  }

  /** @param region the region that MPA is in; without it, the one of the configured partition. */
  async mpa(region?: string): Promise<MPAClient> {
    const home = region ?? (await this.mpaRegion());
    return this.kept(`mpa ${home}`, async () => {
      const { loadMpa } = await import("./mpa");
      const { MPAClient } = loadMpa();
      return new MPAClient({ ...(await this.settings("mpa")), region: home });
    });
  }

  /**
   * Multi-party approval lives in one region of a partition, whatever region the stack works in: us-east-1 in
   * the commercial one. Elsewhere it is taken to be the region that the partition keeps its global services in.
   */
  async mpaRegion(): Promise<string> {
    const { partition } = await import("@aws-sdk/core/client");
    return (
      (partition(await this.region()) as { implicitGlobalRegion?: string }).implicitGlobalRegion ??
      DEFAULT_REGION
    );
  }

  private kept<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.clients.get(key) as Promise<T> | undefined;
    if (known) return known;
    const made = make().catch((error: unknown) => {
      // Who asks next may have more luck: credentials were renewed, a network is back.
      this.clients.delete(key);
      throw error;
    });
    this.clients.set(key, made);
    return made;
  }

  private region(): Promise<string> {
    return this.kept("region", async () => {
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
  private async settings(service: keyof AwsConfiguration["endpoints"]) {
    await this.kept("account", () =>
      checkAccount(this.configuration, async () => {
        const { STSClient } = await import("@aws-sdk/client-sts");
        return new STSClient(await this.uncheckedSettings("sts"));
      }),
    );
    return this.uncheckedSettings(service);
  }

  /** What every client is given. What is left out is the SDK's own to find: environment, profile, endpoint. */
  private async uncheckedSettings(service: keyof AwsConfiguration["endpoints"]) {
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
    return this.kept("credentials", async () => {
      const { credentials, assumeRoles, profile } = this.configuration;
      if (assumeRoles.length === 0) return credentials;
      const { assumingRoles } = await import("./assumeRoles");
      return assumingRoles(assumeRoles, credentials, {
        region: await this.region(),
        endpoint: this.configuration.endpoints.sts,
        profile,
      });
    });
  }
}
