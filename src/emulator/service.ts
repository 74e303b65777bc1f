import type { Operation } from "./operation";
import type { Protocol, WireRequest } from "./protocols/protocol";

export type ServiceName = "mpa" | "iam" | "sts" | "sns" | "sqs";

export type Service = EmulatedService | ForwardedService;

/** An AWS service that we emulate: the protocol it speaks and the operations it has. */
export interface EmulatedService {
  /** As in the credential scope of its callers. */
  readonly name: "mpa" | "iam" | "sts";
  readonly protocol: Protocol;
  /** Where the service has endpoints; everywhere when left out. */
  readonly regions?: readonly string[];
  readonly operations: ReadonlyMap<string, Operation>;
}

/** A service that another emulator plays: its answers are taken as they are. */
export interface ForwardedService {
  readonly name: "sns" | "sqs";
  /** For what goes wrong on the way to the other emulator. */
  readonly protocol: Pick<Protocol, "failure" | "codeOf">;
  operationOf(request: WireRequest): string;
}

export function service(
  definition: Omit<EmulatedService, "operations"> & { operations: readonly Operation[] },
): EmulatedService {
  return { ...definition, operations: new Map(definition.operations.map((item) => [item.name, item])) };
}
