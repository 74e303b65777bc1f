import * as pulumi from "@pulumi/pulumi";
import { className, namesWhere, type ResourceDeclaration } from "../declaration/properties";
import type { TIMEOUTS } from "../provider/dynamic/timeouts";
import { dynamicType, providerHandle } from "./handle";
import { hasType } from "./hasType";
import { requireInstalled } from "./installed";
import { origin } from "./origin";
import { refuseOtherProvider } from "./provider";
import { disableStackTraces } from "./stackTraces";
import type { ArgsOf, ResourceClass } from "./types";

/** The arguments of a resource's class. */
export type ResourceArgs<D extends ResourceDeclaration> = ArgsOf<D["inputs"]> &
  (D extends { timeouts: object } ? ArgsOf<typeof TIMEOUTS> : unknown);

/**
 * Makes the base class of a declared resource: a dynamic resource with the declared arguments and outputs. Their types are
 * named interfaces, since declaration files drop the doc comments of a type that they write out.
 */
export function dynamicResource<Args, Outputs>(
  declaration: ResourceDeclaration,
): ResourceClass<Args, Outputs> {
  const type = dynamicType(declaration);
  const names = [
    ...Object.keys(declaration.inputs),
    ...Object.keys(declaration.outputs),
    ...(declaration.timeouts ? ["timeouts"] : []),
  ];
  const outputs = Object.fromEntries(names.map((name) => [name, undefined]));

  class DynamicResource extends pulumi.CustomResource {
    constructor(name: string, args: pulumi.Inputs | undefined, opts: pulumi.CustomResourceOptions = {}) {
      requireInstalled(`${className(declaration)} ${name}`);
      refuseOutputs(declaration, name, args);
      const inputs = args && { ...args, origin: origin(name, opts.parent) };
      const restoreStackTraces = disableStackTraces();
      try {
        super(type, name, { ...outputs, ...inputs, __provider: providerHandle(declaration) }, opts);
      } catch (error) {
        restoreStackTraces();
        if (error instanceof Error) Error.captureStackTrace(error);
        throw error;
      } finally {
        restoreStackTraces();
      }
    }

    static override isInstance(value: unknown): value is DynamicResource {
      return hasType(value, type);
    }
  }
  // The SDK's constructor assigns the transformations that apply to a resource, and then runs them in their order.
  Object.defineProperty(DynamicResource.prototype, "__transformations", {
    set(this: pulumi.Resource, inherited: pulumi.ResourceTransformation[]) {
      const value = [...inherited, deriveInputs(declaration, this)];
      Object.defineProperty(this, "__transformations", { value, writable: true });
    },
  });
  return DynamicResource as unknown as ResourceClass<Args, Outputs>;
}

/**
 * The last transformation of a resource: it sees the arguments and options as those of the program have left them. Derives
 * the inputs that depend on them, and refuses options that cannot work.
 */
function deriveInputs(
  declaration: ResourceDeclaration,
  resource: pulumi.Resource,
): pulumi.ResourceTransformation {
  return ({ resource: transformed, name, props, opts }) => {
    // A resource's children inherit its transformations.
    if (transformed !== resource) return undefined;
    refuseOptions(declaration, name, opts);
    // A resource that is only read has no arguments.
    if (props["origin"] === undefined) return undefined;
    const derived = {
      ...secretMarkers(declaration, props),
      ...(declaration.timeouts && { timeouts: timeouts(props["timeouts"], opts) }),
    };
    return { props: { ...props, ...derived }, opts };
  };
}

/**
 * Inputs without a value, named like the outputs with `secretWith`, and secret when the named argument is: Pulumi makes an
 * output secret when the input of the same name is. One that is not secret is left out of the request.
 */
function secretMarkers({ outputs }: ResourceDeclaration, args: pulumi.Inputs): pulumi.Inputs {
  const names = namesWhere(outputs, ({ secretWith }) => secretWith);
  return Object.fromEntries(
    names.map((name) => {
      const argument = args[outputs[name]?.secretWith as string];
      return [name, pulumi.output(argument).apply(() => undefined)];
    }),
  );
}

/** Refuses what Pulumi ignores or fails on for every dynamic resource, with what to use instead. */
function refuseOptions(
  declaration: ResourceDeclaration,
  name: string,
  opts: pulumi.CustomResourceOptions,
): void {
  const resource = `${className(declaration)} ${name}`;
  if (opts.import !== undefined)
    throw new pulumi.RunError(
      `${resource}: the option import does not work with dynamic resources. ${declaration.insteadOfImport}`,
    );
  if (opts.replaceOnChanges?.length)
    throw new pulumi.RunError(
      `${resource}: the option replaceOnChanges has no effect on the dynamic resources of this package. ` +
        "Remove it. The reference lists the arguments whose changes replace the resource.",
    );
  refuseOtherProvider(resource, opts.provider);
}

/** Outputs among the arguments would be taken for what the SDK or we send beside them, and not be noticed as misspelt. */
function refuseOutputs(declaration: ResourceDeclaration, name: string, args: pulumi.Inputs = {}): void {
  const given = Object.keys(declaration.outputs).filter(
    (output) => !(output in declaration.inputs) && args[output] !== undefined,
  );
  if (given.length > 0)
    throw new pulumi.RunError(
      `${className(declaration)} ${name}: ${given.join(", ")}: an output cannot be an argument. Remove it.`,
    );
}

/** Pulumi does not send `customTimeouts` to a dynamic provider, so they are passed as an input. */
function timeouts(
  own: pulumi.Input<pulumi.CustomTimeouts> | undefined,
  { customTimeouts }: pulumi.CustomResourceOptions,
) {
  if (!own && !customTimeouts) return undefined;
  const { create, delete: remove } = customTimeouts ?? {};
  return pulumi.output(own).apply((given) => ({ create, delete: remove, ...given }));
}
