import type { IAMClientConfig } from "@aws-sdk/client-iam";
import {
  createDefaultUserAgentProvider,
  getDefaultSocketTimeout,
  NODE_APP_ID_CONFIG_OPTIONS,
  resolveHostHeaderConfig,
  resolveUserAgentConfig,
} from "@aws-sdk/core/client";
import { AwsSdkSigV4Signer, resolveAwsSdkSigV4Config } from "@aws-sdk/core/httpAuthSchemes";
import { version as sdkVersion } from "@aws-sdk/core/package.json";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { Sha256 } from "@smithy/core/checksum";
import { loadConfigsForDefaultMode, NoOpLogger, type ServiceException } from "@smithy/core/client";
import {
  loadConfig,
  NODE_REGION_CONFIG_FILE_OPTIONS,
  NODE_REGION_CONFIG_OPTIONS,
  NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
  resolveDefaultsModeConfig,
  resolveRegionConfig,
} from "@smithy/core/config";
import { resolveEndpointConfig } from "@smithy/core/endpoints";
import { parseUrl } from "@smithy/core/protocols";
import {
  DEFAULT_RETRY_MODE,
  NODE_MAX_ATTEMPT_CONFIG_OPTIONS,
  NODE_RETRY_MODE_CONFIG_OPTIONS,
  resolveRetryConfig,
} from "@smithy/core/retry";
import { TypeRegistry } from "@smithy/core/schema";
import { calculateBodyLength, fromBase64, fromUtf8, toBase64, toUtf8 } from "@smithy/core/serde";
import { NodeHttpHandler, streamCollector } from "@smithy/node-http-handler";
import type {
  ClientProtocol,
  EndpointParameters,
  EndpointV2,
  HttpRequest,
  HttpResponse,
  IdentityProviderConfig,
} from "@smithy/types";

/** What distinguishes a service of AWS from the others, to a client. */
export interface Service {
  /** Its id in the API model, such as `MPA`. */
  id: string;
  apiVersion: string;
  signingName: string;
  namespace: string;
  /** The class of all its errors. Callers distinguish errors by name, so one is enough. */
  ServiceException: typeof ServiceException;
  protocol(options: ProtocolOptions): ClientProtocol<HttpRequest, HttpResponse>;
  /** @throws EndpointError when there is none for the parameters */
  resolveEndpoint(parameters: ServiceEndpointParameters): EndpointV2;
}

interface ProtocolOptions {
  defaultNamespace: string;
  errorTypeRegistries: TypeRegistry[];
}

/** What endpoint rules go by. */
export interface ServiceEndpointParameters extends EndpointParameters {
  Region?: string;
  UseFIPS?: boolean;
  UseDualStack?: boolean;
  Endpoint?: string;
}

/**
 * The settings of a client, with the same meaning and defaults as in every client of the AWS SDK: what is left
 * out comes from the environment and the shared config files.
 */
export type ClientConfig = Pick<
  IAMClientConfig,
  | "credentials"
  | "customUserAgent"
  | "defaultsMode"
  | "endpoint"
  | "ignoreConfiguredEndpointUrls"
  | "logger"
  | "maxAttempts"
  | "profile"
  | "region"
  | "requestHandler"
  | "retryMode"
  | "retryStrategy"
  | "useDualstackEndpoint"
  | "useFipsEndpoint"
  | "userAgentAppId"
>;

export const SIGV4 = "aws.auth#sigv4";

function protocolOf({ namespace, ServiceException, protocol }: Service) {
  const synthetic = `smithy.ts.sdk.synthetic.${namespace}`;
  const errorTypes = new TypeRegistry(synthetic);
  errorTypes.registerError([-3, synthetic, ServiceException.name, 0, [], []], ServiceException);
  return protocol({ defaultNamespace: namespace, errorTypeRegistries: [errorTypes] });
}

function withDefaults(service: Service, config: ClientConfig) {
  const logger = config.logger ?? new NoOpLogger();
  const defaultsMode = resolveDefaultsModeConfig(config);
  const modeDefaults = () => defaultsMode().then(loadConfigsForDefaultMode);
  const loader = { profile: config.profile, logger };
  return {
    ...config,
    apiVersion: service.apiVersion,
    serviceId: service.id,
    defaultSigningName: service.signingName,
    runtime: "node",
    logger,
    defaultsMode,
    disableHostPrefix: false,
    protocol: protocolOf(service),
    endpointProvider: service.resolveEndpoint,
    credentialDefaultProvider: defaultProvider,
    httpAuthSchemes: [
      {
        schemeId: SIGV4,
        identityProvider: (identities: IdentityProviderConfig) => identities.getIdentityProvider(SIGV4),
        signer: new AwsSdkSigV4Signer(),
      },
    ],
    httpAuthSchemeProvider: () => [
      {
        schemeId: SIGV4,
        propertiesExtractor: (config: object, context: object) => ({
          signingProperties: { config, context },
        }),
      },
    ],
    defaultSocketTimeout: getDefaultSocketTimeout(config.requestHandler, 300_000),
    defaultUserAgentProvider: createDefaultUserAgentProvider({
      serviceId: service.id,
      clientVersion: sdkVersion,
    }),
    requestHandler: NodeHttpHandler.create(config.requestHandler ?? modeDefaults),
    region:
      config.region ??
      loadConfig(NODE_REGION_CONFIG_OPTIONS, { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...loader }),
    maxAttempts: config.maxAttempts ?? loadConfig(NODE_MAX_ATTEMPT_CONFIG_OPTIONS, config),
    retryMode:
      config.retryMode ??
      loadConfig(
        {
          ...NODE_RETRY_MODE_CONFIG_OPTIONS,
          default: async () => (await modeDefaults()).retryMode || DEFAULT_RETRY_MODE,
        },
        config,
      ),
    useDualstackEndpoint:
      config.useDualstackEndpoint ?? loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS, loader),
    useFipsEndpoint: config.useFipsEndpoint ?? loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS, loader),
    userAgentAppId: config.userAgentAppId ?? loadConfig(NODE_APP_ID_CONFIG_OPTIONS, loader),
    sha256: Sha256,
    urlParser: parseUrl,
    bodyLengthChecker: calculateBodyLength,
    streamCollector,
    base64Decoder: fromBase64,
    base64Encoder: toBase64,
    utf8Decoder: fromUtf8,
    utf8Encoder: toUtf8,
  };
}

/** The settings that a client's middleware reads: given, loaded or default. */
export interface ResolvedConfiguration extends ReturnType<typeof resolveConfiguration> {}

export function resolveConfiguration(service: Service, config: ClientConfig) {
  const defaults = withDefaults(service, config);
  return resolveAwsSdkSigV4Config(
    resolveEndpointConfig(
      resolveHostHeaderConfig(resolveRegionConfig(resolveRetryConfig(resolveUserAgentConfig(defaults)))),
    ),
  );
}
