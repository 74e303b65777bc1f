import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import { systemClock } from "../clock";
import { checkAccount } from "./account";
import type { Attempt } from "./attempts";
import type { AwsConfiguration } from "./configuration";
import type { Service } from "./environment";
import { noteRemedies, ReadableError, type Remedies } from "./errors";
import { aroundCalls } from "./middleware";
import type { MPAClient } from "./mpa";
import { redactErrors } from "./redaction";
import type { RetryContext } from "./retry";
import { ServerTime } from "./serverTime";

const { version } = require("../../package.json") as { version: string };

/** How the clients behave. */
export interface ClientContext extends RetryContext {
  /** Milliseconds in which a call must be done with all its retries, whatever it hangs in. Default: no limit. */
  callTimeout?: number;
  /** What to do about errors, where it differs from what a Pulumi program is told. */
  remedies?: Remedies;
  /** Called after every attempt at a call. */
  onAttempt?(attempt: Attempt): void;
}

/** The class of a client of the AWS SDK, as far as it is needed to make one. */
type ClientClass<C> = new (config: Awaited<ReturnType<AwsClients["clientConfig"]>>) => C;

/**
 * The clients of the services we use, each loaded and created on first use. Creating one fails when the configuration does
 * not allow the account of the credentials.
 */
export class AwsClients {
  private readonly clients = new Map<string, Promise<unknown>>();
  private readonly time: ServerTime;

  /** @param context where calls that AWS throttles wait and say so; by default on the system's clock, in silence */
  constructor(
    private readonly configuration: AwsConfiguration,
    private readonly context: ClientContext = { clock: systemClock, log: () => undefined },
  ) {
    this.time = new ServerTime(context.clock);
  }

  /** AWS's time, by its last answer to any of the clients; this machine's before the first. */
  now(): Date {
    return this.time.now();
  }

  iam(): Promise<IAMClient> {
    return this.client("iam", async () => (await import("@aws-sdk/client-iam")).IAMClient);
  }

  sts(): Promise<STSClient> {
    return this.client("sts", async () => (await import("@aws-sdk/client-sts")).STSClient);
  }

  /** @param region the region of the queues; without it, the configured one. */
  sqs(region?: string): Promise<SQSClient> {
    return this.client("sqs", async () => (await import("@aws-sdk/client-sqs")).SQSClient, region);
  }

  /** @param region the region of the tables; without it, the configured one. */
  dynamodb(region?: string): Promise<DynamoDBClient> {
    const load = async () => (await import("@aws-sdk/client-dynamodb")).DynamoDBClient;
    return this.client("dynamodb", load, region);
  }

  /**
   * A client of any other service.
   *
   * @param load loads its class, so that only who uses the service needs its package
   * @param region the region of the calls; without it, the configured one
   */
  client<C extends object>(
    service: Service,
    load: () => Promise<ClientClass<C>>,
    region?: string,
  ): Promise<C> {
    return this.memoize(`${service} ${region}`, async () => {
      const Client = await load();
      const config = { ...(await this.checkedClientConfig(service)), ...(region && { region }) };
      return this.time.observe(await this.prepared(new Client(config)));
    });
  }

  /** @param region the region that MPA is in; without it, or empty, the one of the configured partition. */
  async mpa(region?: string): Promise<MPAClient> {
    const load = async () => (await import("./mpa")).loadMpa().MPAClient;
    return this.client("mpa", load, region || (await this.mpaRegion()));
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

  private async prepared<C extends object>(client: C): Promise<C> {
    const { callTimeout, onAttempt, remedies } = this.context;
    if (remedies) {
      const note = (error: unknown) => Promise.reject(noteRemedies(error, remedies));
      aroundCalls(client, "noteRemedies", (next) => (args) => next(args).catch(note));
    }
    if (callTimeout !== undefined) (await import("./deadline")).limitCalls(client, callTimeout);
    if (onAttempt) (await import("./attempts")).observeAttempts(client, onAttempt);
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
        return this.prepared(new STSClient(await this.clientConfig("sts", await this.credentials())));
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
      const config = (credentials?: AwsCredentialIdentity) => this.clientConfig("sts", credentials);
      const client = async (credentials?: AwsCredentialIdentity) => {
        const { STSClient } = await import("@aws-sdk/client-sts");
        return this.prepared(new STSClient(await config(credentials)));
      };
      const settings = await this.settings();
      const { callTimeout } = this.context;
      if (callTimeout === undefined) return resolveCredentials(settings, { config, client });
      const { withDeadline } = await import("./deadline");
      const resolve = () => resolveCredentials(settings, { config, client });
      return withDeadline(callTimeout, undefined, resolve).catch((error: Error) => {
        if (error.name !== "TimeoutError") throw error;
        const remedy = "Check the profile: its credential_process, its sign-in, or the network.";
        throw new ReadableError("the credentials", `${error.message}. ${remedy}`);
      });
    });
  }
}
