import type * as pulumi from "@pulumi/pulumi";
import type { TIMEOUTS } from "../provider/dynamic/timeouts";
import type {
  OptionalPart,
  Properties,
  RequiredPart,
  ResourceDeclaration,
  ValueOf,
} from "../provider/properties";

/** The type of an argument: a value, or outputs at any depth. */
export type InputOf<P> = pulumi.Input<
  P extends { type: "array"; items: infer Item }
    ? InputOf<Item>[]
    : P extends { type: "map"; values: infer Value }
      ? Record<string, InputOf<Value>>
      : P extends { type: "object"; properties: infer Nested }
        ? ArgsOf<Nested>
        : ValueOf<P>
>;

/** The type of an object of arguments, with the doc comments of the declaration. */
export type ArgsOf<D> = { -readonly [Name in keyof RequiredPart<D>]: InputOf<D[Name & keyof D]> } & {
  -readonly [Name in keyof OptionalPart<D>]?: InputOf<D[Name & keyof D]>;
};

type OutputOf<P> = pulumi.Output<P extends { optional: true } ? ValueOf<P> | undefined : ValueOf<P>>;

/** The outputs of a resource: the declared outputs and the arguments. */
export type OutputsOf<D extends Pick<ResourceDeclaration, "inputs" | "outputs">> = {
  readonly [Name in keyof Omit<D["inputs"], keyof D["outputs"]>]: OutputOf<
    D["inputs"][Name & keyof Properties]
  >;
} & { readonly [Name in keyof D["outputs"]]: OutputOf<D["outputs"][Name]> } & (D extends { timeouts: object }
    ? { readonly [Name in keyof typeof TIMEOUTS]: OutputOf<(typeof TIMEOUTS)[Name]> }
    : unknown);

/** The type of a resource's class. */
export interface ResourceClass<Args, Outputs> {
  /**
   * @param name names the resource in the stack
   * @param args out of bounds values fail the preview, each by its name
   */
  new (name: string, args: Args, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource & Outputs;
  /** Reads a resource that the stack does not manage. */
  new (
    name: string,
    args: undefined,
    opts: pulumi.CustomResourceOptions & { id: pulumi.Input<pulumi.ID> },
  ): pulumi.CustomResource & Outputs;
  /** Whether `value` is such a resource, made by this copy of the package or another. */
  isInstance<Resource>(this: new (...args: never[]) => Resource, value: unknown): value is Resource;
}
