import { ServiceException } from "@smithy/core/client";
import { TypeRegistry } from "@smithy/core/schema";
import { NAMESPACE } from "./shape";

/**
 * Any error response of the service. `name` is AWS's (`ResourceNotFoundException`, `ConflictException`, ...),
 * `$fault` is `client` below HTTP status 500 and `server` from there, `$metadata.httpStatusCode` the status.
 */
export class MPAServiceException extends ServiceException {}

const SYNTHETIC = `smithy.ts.sdk.synthetic.${NAMESPACE}`;

/** The error types of the protocol. Callers distinguish errors by name, so one class is enough. */
export const errorTypes = new TypeRegistry(SYNTHETIC);
errorTypes.registerError([-3, SYNTHETIC, "MPAServiceException", 0, [], []], MPAServiceException);
