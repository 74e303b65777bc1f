import type { IAMClient } from "@aws-sdk/client-iam";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import { systemClock } from "../clock";
import { checkAccount } from "./account";
import type { AwsConfiguration } from "./configuration";
import type { Service } from "./environment";
import type { MPAClient } from "./mpa";
import { redactErrors } from "./redaction";
import type { RetryContext } from "./retry";

const { version } = require("../../package.json") as { version: string };

/**
 * The clients of the services we use, each loaded and created on first use. Creating one fails when the configuration does
 * not allow the account of the credentials.
 */
export class AwsClients {
  private readonly clients = new Map<string, Promise<unknown>>();

  /** @param context where calls that AWS throttles wait and say so; by default on the system's clock, in silence */
  constructor(
    private readonly configuration: AwsConfiguration,
    private readonly context: RetryContext = { clock: systemClock, log: () => undefined },
  ) {}

  iam(): Promise<IAMClient> {
    return this.memoize("iam", async () => {
      const { IAMClient } = await import("@aws-sdk/client-iam");
      return this.redacting(new IAMClient(await this.checkedClientConfig("iam")));
    });
  }

  sts(): Promise<STSClient> {
    return this.memoize("sts", async () => {
      const { STSClient } = await import("@aws-sdk/client-sts");
      return this.redacting(new STSClient(await this.checkedClientConfig("sts")));
    });
  }

  /** @param region the region of the queues; without it, the configured one. */
  sqs(region?: string): Promise<SQSClient> {
    return this.memoize(`sqs ${region}`, async () => {
      const { SQSClient } = await import("@aws-sdk/client-sqs");
      const config = { ...(await this.checkedClientConfig("sqs")), ...(region && { region }) };
      return this.redacting(new SQSClient(config));
    });
  }

  /** @param region the region that MPA is in; without it, the one of the configured partition. */
  async mpa(region?: string): Promise<MPAClient> {
    const resolved = region ?? (await this.mpaRegion());
    return this.memoize(`mpa ${resolved}`, async () => {
      const { loadMpa } = await import("./mpa");
      const { MPAClient } = loadMpa();
      const config = { ...(await this.checkedClientConfig("mpa")), region: resolved };
      return this.redacting(new MPAClient(config));
    });
  }

  /**
   * Multi-party approval is in one region of each partition, whatever the stack's region is: us-east-1 in the commercial
   * partition. For the others AWS documents none, and the region of the partition's global services is assumed.
   */
  async mpaRegion(): Promise<string> {
    const [{ partition }, { DEFAULT_REGION }] = await Promise.all([
      import("@aws-sdk/core/client"),
      import("./environment"),
    ]);
    const { region } = await this.settings();
    return (partition(region) as { implicitGlobalRegion?: string }).implicitGlobalRegion ?? DEFAULT_REGION;
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

  private redacting<C extends object>(client: C): C {
    const { region = "", profile, accessKey, secretKey, token } = this.configuration;
    // A region is a part of every ARN, and only one that is none is worth a word.
    const malformed = /^[a-z]+(-[a-z]+)+-\d+$/.test(region) ? {} : { region };
    return redactErrors(client, { ...malformed, profile, accessKey, secretKey, token });
  }

  private settings() {
    return this.memoize("settings", async () => {
      const { withEnvironment } = await import("./environment");
      return withEnvironment(this.configuration);
    });
  }

  /** @throws ReadableError when the credentials are of an account that the configuration does not allow */
  private async checkedClientConfig(service: Service) {
    await this.memoize("account", () =>
      checkAccount(this.configuration, async () => {
        const { STSClient } = await import("@aws-sdk/client-sts");
        return this.redacting(new STSClient(await this.clientConfig("sts", await this.credentials())));
      }),
    );
    return this.clientConfig(service, await this.credentials());
  }

  /** What is left out here has the SDK's defaults. */
  private async clientConfig(
    service: Service,
    credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider,
  ) {
    const settings = await this.settings();
    const { useFipsEndpoint, useDualstackEndpoint, userAgents = [] } = settings;
    const endpoint = settings.endpoints[service];
    const [http, { retryConfig }] = await Promise.all([import("./http"), import("./retry")]);
    const requestHandler = await http.requestHandler(settings);
    return {
      customUserAgent: [["pulumi-aws-approvals", version], ...userAgents.map((product) => [product])] as [
        string,
        string?,
      ][],
      region: (service === "sts" && settings.stsRegion) || settings.region,
      profile: settings.profileSource.profile,
      // Those of the environment and the profile are among the settings already.
      ignoreConfiguredEndpointUrls: true,
      ...(credentials && { credentials }),
      ...(endpoint && { endpoint }),
      ...(useFipsEndpoint !== undefined && { useFipsEndpoint }),
      ...(useDualstackEndpoint !== undefined && { useDualstackEndpoint }),
      ...(requestHandler && { requestHandler }),
      ...retryConfig(service.toUpperCase(), settings, this.context),
    };
  }

  private credentials() {
    return this.memoize("credentials", async () => {
      const { resolveCredentials } = await import("./credentials");
      return resolveCredentials(await this.settings(), (credentials) =>
        this.clientConfig("sts", credentials),
      );
    });
  }
}
