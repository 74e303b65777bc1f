import type { Operation } from "./operation";
import { awsJsonProtocol } from "./protocols/awsJson";
import type { HttpRequest, Protocol } from "./protocols/protocol";
import { queryProtocol } from "./protocols/query";
import { type Route, restJsonProtocol } from "./protocols/restJson";

/** The emulated services, as in the credential scope of their callers. @useDeclaredType */
export type ServiceName = EmulatedService["name"] | ForwardedService["name"];

export type Service = EmulatedService | ForwardedService;

/** An AWS service that the emulator implements: the protocol it speaks and the operations it has. */
export interface EmulatedService {
  /** As in the credential scope of its callers. */
  readonly name: "mpa" | "iam" | "sts" | "identitystore" | "backup" | "payment-cryptography" | "dynamodb";
  readonly protocol: Protocol;
  /** Where the service has endpoints; everywhere when left out. */
  readonly regions?: readonly string[];
  readonly operations: ReadonlyMap<string, Operation>;
}

/** A service that another emulator implements: its answers are passed on. */
export interface ForwardedService {
  readonly name: "sns" | "sqs";
  /** For errors on the way to the other emulator. */
  readonly protocol: Pick<Protocol, "failure" | "codeOf" | "throttled">;
  operationOf(request: HttpRequest): string;
}

type Definition<O> = Pick<EmulatedService, "name" | "regions"> & { readonly operations: readonly O[] };

export const queryService = ({
  operations,
  version,
  namespace,
  ...definition
}: Definition<Operation<undefined>> & { version: string; namespace: string }): EmulatedService => ({
  ...definition,
  protocol: queryProtocol({ version, namespace }),
  operations: byName(operations),
});

export const restJsonService = ({
  operations,
  timestamps,
  validationCode,
  ...definition
}: Definition<Operation<Route>> & Parameters<typeof restJsonProtocol>[1]): EmulatedService => ({
  ...definition,
  protocol: restJsonProtocol(operations, {
    ...(timestamps && { timestamps }),
    ...(validationCode && { validationCode }),
  }),
  operations: byName(operations),
});

export const awsJsonService = ({
  operations,
  targetPrefix,
  version,
  ...definition
}: Definition<Operation<undefined>> & Parameters<typeof awsJsonProtocol>[0]): EmulatedService => ({
  ...definition,
  protocol: awsJsonProtocol({ targetPrefix, version }),
  operations: byName(operations),
});

const byName = (operations: readonly Operation[]): ReadonlyMap<string, Operation> =>
  new Map(operations.map((operation) => [operation.name, operation]));
