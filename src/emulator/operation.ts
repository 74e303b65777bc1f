import type { Caller } from "./caller";
import type { Cloud } from "./cloud";
import { validationError } from "./errors";
import { isValid, problemsOf, type Shape, type StructureShape, type ValueOf } from "./shapes";

/** What an operation answers; protocols write it as XML or JSON. */
export type Output = { readonly [name: string]: OutputValue };
export type OutputValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly OutputValue[]
  | ReadonlyMap<string, string>
  | Output;

/** Who calls, from where, when, and the cloud the call acts on. */
export interface Invocation {
  readonly caller: Caller;
  /** The region of the credential scope. */
  readonly region: string;
  readonly now: Date;
  readonly cloud: Cloud;
}

/** One API operation. `run` reads its input from the wire, checks it against the API model, and acts. */
export interface Operation {
  readonly name: string;
  run(read: (shape: Shape) => unknown, invocation: Invocation): Promise<Output | undefined>;
}

export function operation<const S extends StructureShape>(
  name: string,
  input: S,
  act: (input: ValueOf<S>, invocation: Invocation) => Output | undefined | Promise<Output | undefined>,
): Operation {
  return {
    name,
    async run(read, invocation) {
      const value = read(input);
      if (!isValid(input, value)) throw validationError(problemsOf(input, value));
      return act(value, invocation);
    },
  };
}
