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
import type { HttpHandlerOptions, MetadataBearer, Pluggable } from "@smithy/types";
import {
  type MPAClientConfig,
  type ResolvedConfiguration,
  resolveConfiguration,
  SIGV4,
} from "./configuration";
import { endpointParameters } from "./endpoint";
import { MPAServiceException } from "./errors";
import { NAMESPACE, type Shape } from "./shape";

/**
 * A client of AWS Multi-party approval, built like `@aws-sdk/client-mpa` from the AWS SDK's own parts. Only the shapes of
 * the operations are ours.
 */
export class MPAClient extends Client<HttpHandlerOptions, object, MetadataBearer, ResolvedConfiguration> {
  constructor(config: MPAClientConfig = {}) {
    super(resolveConfiguration(config));
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

const buildCommand = makeBuilder<ResolvedConfiguration, object, MetadataBearer>(
  endpointParameters,
  "MPA",
  "MPAClient",
  getEndpointPlugin,
);

/** The base class of a command, for an operation of the API model. */
export function command<Input extends object, Output extends object>(
  operation: string,
  [method, path]: [method: string, path: string],
  input: Shape<Input>,
  output: Shape<Output>,
) {
  return buildCommand<Input, Output & MetadataBearer>({}, () => [requireLabels(operation, path)], operation, [
    9,
    NAMESPACE,
    operation,
    { http: [method, path, 200] },
    input.schema,
    output.schema,
  ]);
}

/**
 * An empty ARN would turn `GET /identity-sources/{arn}` into a different request. It fails here, with the error that the
 * service gives for an invalid ARN.
 */
function requireLabels(operation: string, path: string): Pluggable<Record<string, unknown>, MetadataBearer> {
  const labels = Array.from(path.matchAll(/\{(\w+)\}/g), ([, label]) => label as string);
  return {
    applyToStack: (stack) =>
      stack.add(
        (next) => async (request) => {
          const missing = labels.find((label) => !request.input[label]);
          if (missing === undefined) return next(request);
          throw new MPAServiceException({
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
