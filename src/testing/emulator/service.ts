import type { Operation } from "./operation";
import type { Protocol } from "./protocols/protocol";

export type ServiceName = "mpa" | "iam" | "sts" | "sns" | "sqs";

/** An emulated AWS service: the protocol it speaks and the operations it has. */
export interface Service {
  /** As in the credential scope of its callers. */
  readonly name: ServiceName;
  readonly protocol: Protocol;
  /** Where the service has endpoints; everywhere when left out. */
  readonly regions?: readonly string[];
  readonly operations: ReadonlyMap<string, Operation>;
}

export function service(
  definition: Omit<Service, "operations"> & { operations: readonly Operation[] },
): Service {
  return { ...definition, operations: new Map(definition.operations.map((item) => [item.name, item])) };
}
