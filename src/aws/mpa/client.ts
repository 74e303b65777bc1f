import { AwsRestJsonProtocol } from "@aws-sdk/core/protocols";
import { ServiceException } from "@smithy/core/client";
import { commandsOf, ServiceClient } from "../smithy/client";
import type { ClientConfig, Service } from "../smithy/configuration";
import { resolveMpaEndpoint } from "./endpoint";

/**
 * Any error response of the service. `name` is AWS's (`ResourceNotFoundException`, `ConflictException`, ...),
 * `$fault` is `client` below HTTP status 500 and `server` from there, `$metadata.httpStatusCode` the status.
 */
export class MPAServiceException extends ServiceException {}

const service: Service = {
  id: "MPA",
  apiVersion: "2022-07-26",
  signingName: "mpa",
  namespace: "com.amazonaws.mpa",
  ServiceException: MPAServiceException,
  protocol: (options) => new AwsRestJsonProtocol(options),
  resolveEndpoint: resolveMpaEndpoint,
};

/** A client of AWS Multi-party approval, of the shape of `@aws-sdk/client-mpa`. */
export class MPAClient extends ServiceClient {
  constructor(config: ClientConfig = {}) {
    super(service, config);
  }
}

export const command = commandsOf(service);
