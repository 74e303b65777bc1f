import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Any, grpc } from "../../sdk";
import { InitializationError } from "../lifecycle";

/** A failed call: what Pulumi shows of it, and what it keeps of the resource. */
export type Failure = Partial<ServiceError> & { code: number; details: string };

/** An error that carries what a call fails with. */
class CallFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.details);
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof CallFailed) return error.failure;
  const details = error instanceof Error ? error.message : String(error);
  return { code: grpc.status.UNKNOWN, details };
}

/** @throws what stands for "there is no such thing here, and why" */
export function unsupported(details: string): never {
  throw new CallFailed({ code: grpc.status.UNIMPLEMENTED, details });
}

/** Translates an InitializationError to what the protocol takes for "created, but not initialized". */
export async function reportingInitialization<T>(
  toOutputs: (state: object) => Struct,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof InitializationError)) throw error;
    throw new CallFailed({
      code: grpc.status.UNKNOWN,
      details: error.message,
      metadata: initializationFailed(error, toOutputs(error.state)),
    });
  }
}

/** As gRPC's Go implementation passes details of an error. */
function initializationFailed({ id, message }: InitializationError, properties: Struct) {
  const detail = new ErrorResourceInitFailed().setId(id).setProperties(properties).setReasonsList([message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(message).setDetailsList([any]);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}
