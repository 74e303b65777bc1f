import type { Caller } from "./caller";
import type { Cloud } from "./cloud";
import { validationError } from "./errors";
import type { Output } from "./protocols/protocol";
import type { Route } from "./protocols/restJson";
import { isValid, problemsOf, type Shape, type StructureShape, type ValueOf } from "./shapes";

/** Who calls, from where, when, and the cloud the call acts on. */
export interface Invocation {
  readonly caller: Caller;
  /** The region of the credential scope. */
  readonly region: string;
  readonly now: Date;
  readonly cloud: Cloud;
}

/** One API operation. `R` is its route: operations of REST-JSON services have one, those of query services have none. */
export interface Operation<R extends Route | undefined = Route | undefined> {
  readonly name: string;
  readonly route: R;
  /** Reads the input from the request, checks it against the API model, and acts. */
  run(read: (shape: Shape) => unknown, invocation: Invocation): Promise<Output | undefined>;
}

export function operation<const S extends StructureShape, R extends Route | undefined = undefined>(
  { name, route, input }: { readonly name: string; readonly input: S; readonly route?: R },
  act: (input: ValueOf<S>, invocation: Invocation) => Output | undefined | Promise<Output | undefined>,
): Operation<R> {
  return {
    name,
    route: route as R,
    async run(read, invocation) {
      const value = read(input);
      if (!isValid(input, value)) throw validationError(problemsOf(input, value));
      return act(value, invocation);
    },
  };
}
