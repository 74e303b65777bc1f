import {
  getHostHeaderPlugin,
  getLoggerPlugin,
  getRecursionDetectionPlugin,
  getUserAgentPlugin,
} from "@aws-sdk/core/client";
import {
  DefaultIdentityProviderConfig,
  getHttpAuthSchemeEndpointRuleSetPlugin,
  getHttpSigningPlugin,
} from "@smithy/core";
import { Client, getSmithyContext, makeBuilder } from "@smithy/core/client";
import { getEndpointPlugin } from "@smithy/core/endpoints";
import { getContentLengthPlugin } from "@smithy/core/protocols";
import { getRetryPlugin } from "@smithy/core/retry";
import { getSchemaSerdePlugin } from "@smithy/core/schema";
import type {
  EndpointParameterInstructions,
  HttpHandlerOptions,
  MetadataBearer,
  Pluggable,
} from "@smithy/types";
import {
  type ClientConfig,
  type ResolvedConfiguration,
  resolveConfiguration,
  type Service,
  SIGV4,
} from "./configuration";
import { NAMESPACE, type Shape } from "./shape";

/**
 * A client of a service, built like those of the AWS SDK from its own parts. Only the shapes of the operations, and what
 * distinguishes the service, are ours.
 */
export class ServiceClient extends Client<HttpHandlerOptions, object, MetadataBearer, ResolvedConfiguration> {
  constructor(service: Service, config: ClientConfig) {
    super(resolveConfiguration(service, config));
    const plugins: Pluggable<object, MetadataBearer>[] = [
      getSchemaSerdePlugin(this.config),
      getUserAgentPlugin(this.config),
      getRetryPlugin(this.config),
      getContentLengthPlugin(this.config),
      getHostHeaderPlugin(this.config),
      getLoggerPlugin(this.config),
      getRecursionDetectionPlugin(this.config),
      getHttpAuthSchemeEndpointRuleSetPlugin(this.config, {
        httpAuthSchemeParametersProvider: async (_config, context) => ({
          operation: getSmithyContext(context).operation as string,
        }),
        identityProviderConfigProvider: async ({ credentials }) =>
          new DefaultIdentityProviderConfig({ [SIGV4]: credentials }),
      }),
      getHttpSigningPlugin(this.config),
    ];
    for (const plugin of plugins) this.middlewareStack.use(plugin);
  }
}

/** The client settings that endpoint rules go by. */
const ENDPOINT_PARAMETERS: EndpointParameterInstructions = {
  Region: { type: "builtInParams", name: "region" },
  UseFIPS: { type: "builtInParams", name: "useFipsEndpoint" },
  UseDualStack: { type: "builtInParams", name: "useDualstackEndpoint" },
  Endpoint: { type: "builtInParams", name: "endpoint" },
};

/** Makes the function that declares a service's commands. */
export function commandsOf(service: Service) {
  const buildCommand = makeBuilder<ResolvedConfiguration, object, MetadataBearer>(
    ENDPOINT_PARAMETERS,
    service.id,
    `${service.id}Client`,
    getEndpointPlugin,
  );
  /** The base class of a command, for an operation of the API model. */
  return function command<Input extends object, Output extends object>(
    operation: string,
    [method, path]: [method: string, path: string],
    input: Shape<Input>,
    output: Shape<Output>,
  ) {
    return buildCommand<Input, Output & MetadataBearer>(
      {},
      () => [requireLabels(service, operation, path)],
      operation,
      [9, NAMESPACE, operation, { http: [method, path, 200] }, input.schema, output.schema],
    );
  };
}

/**
 * An empty ARN would turn `GET /identity-sources/{arn}` into a different request. It fails here, with the error that the
 * service gives for an invalid ARN.
 */
function requireLabels(
  { ServiceException }: Service,
  operation: string,
  path: string,
): Pluggable<Record<string, unknown>, MetadataBearer> {
  const labels = Array.from(path.matchAll(/\{(\w+)\}/g), ([, label]) => label as string);
  return {
    applyToStack: (stack) =>
      stack.add(
        (next) => async (request) => {
          const missing = labels.find((label) => !request.input[label]);
          if (missing === undefined) return next(request);
          throw new ServiceException({
            name: "ValidationException",
            message: `${operation}: ${missing} must not be empty. No request was sent.`,
            $fault: "client",
            $metadata: { attempts: 0 },
          });
        },
        { step: "initialize", name: "requireLabels" },
      ),
  };
}
