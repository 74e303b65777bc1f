import type * as pulumi from "@pulumi/pulumi";
import type {
  OptionalPart,
  Properties,
  RequiredPart,
  ResourceDeclaration,
  ValueOf,
} from "../declaration/properties";
import type { TIMEOUTS } from "../provider/dynamic/timeouts";

/** What an argument is when it is known: values, or outputs at any depth. */
type ArgumentOf<P> = P extends { type: "array"; items: infer Item }
  ? pulumi.Input<ArgumentOf<Item>>[]
  : P extends { type: "map"; values: infer Value }
    ? Record<string, pulumi.Input<ArgumentOf<Value>>>
    : P extends { type: "object"; properties: infer Nested }
      ? // Written out, so that editors and the reference show the members in place of an alias of the declaration.
        ArgsOf<Nested> extends infer Members
        ? { [Name in keyof Members]: Members[Name] }
        : never
      : ValueOf<P>;

/** The type of an object of arguments, with the doc comments of the declaration. */
export type ArgsOf<D> = {
  -readonly [Name in keyof RequiredPart<D>]: pulumi.Input<ArgumentOf<D[Name & keyof D]>>;
} & {
  -readonly [Name in keyof OptionalPart<D>]?: pulumi.Input<ArgumentOf<D[Name & keyof D]>>;
};

/** What an output is when it is known. */
type KnownOf<P> = P extends { optional: true } ? ValueOf<P> | undefined : ValueOf<P>;

/** The outputs of a resource: the declared outputs and the arguments. */
export type OutputsOf<D extends Pick<ResourceDeclaration, "inputs" | "outputs">> = {
  readonly [Name in keyof Omit<D["inputs"], keyof D["outputs"]>]: pulumi.Output<
    KnownOf<D["inputs"][Name & keyof Properties]>
  >;
} & { readonly [Name in keyof D["outputs"]]: pulumi.Output<KnownOf<D["outputs"][Name]>> } & (D extends {
    timeouts: object;
  }
    ? { readonly [Name in keyof typeof TIMEOUTS]: pulumi.Output<KnownOf<(typeof TIMEOUTS)[Name]>> }
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
