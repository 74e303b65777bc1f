import * as pulumi from "@pulumi/pulumi";
import type { TIMEOUTS } from "../provider/dynamic/timeouts";
import { namesWhere, type ResourceDeclaration } from "../provider/properties";
import { dynamicType, providerHandle } from "./handle";
import { hasType } from "./hasType";
import { origin } from "./origin";
import { pauseTraces } from "./traces";
import type { ArgsOf, OutputsOf } from "./types";

/** The arguments of a resource's class. */
export type ResourceArgs<D extends ResourceDeclaration> = ArgsOf<D["inputs"]> &
  (D extends { timeouts: object } ? ArgsOf<typeof TIMEOUTS> : unknown);

/** What the class of a declared resource is built on. */
export interface DynamicResourceClass<D extends ResourceDeclaration> {
  /**
   * @param name names the resource in the stack
   * @param args out of bounds values fail the preview, each by its name
   */
  new (
    name: string,
    args: ResourceArgs<D>,
    opts?: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource & OutputsOf<D>;
  /** Refers to a resource that the stack does not manage. */
  new (
    name: string,
    args: undefined,
    opts: pulumi.CustomResourceOptions & { id: pulumi.Input<pulumi.ID> },
  ): pulumi.CustomResource & OutputsOf<D>;
  /** Whether `value` is such a resource, made by this copy of the package or another. */
  isInstance<Resource>(this: new (...args: never[]) => Resource, value: unknown): value is Resource;
}

/** The base of a resource's class: what it declares, as arguments and outputs of a dynamic resource. */
export function dynamicResource<const D extends ResourceDeclaration>(
  declaration: D,
): DynamicResourceClass<D> {
  const type = dynamicType(declaration);
  const names = [...Object.keys(declaration.inputs), ...Object.keys(declaration.outputs)];
  const outputs = Object.fromEntries(names.map((name) => [name, undefined]));

  class DynamicResource extends pulumi.CustomResource {
    constructor(name: string, args: pulumi.Inputs | undefined, opts: pulumi.CustomResourceOptions = {}) {
      const inputs = args && {
        ...args,
        ...shadows(declaration, args),
        ...(declaration.timeouts && { timeouts: timeouts(args["timeouts"], opts) }),
        origin: origin(name, opts.parent),
      };
      const resumeTraces = pauseTraces();
      try {
        super(type, name, { ...outputs, ...inputs, __provider: providerHandle(declaration) }, opts);
      } catch (error) {
        throw resumeTraces(error);
      } finally {
        resumeTraces();
      }
    }

    static override isInstance(value: unknown): value is DynamicResource {
      return hasType(value, type);
    }
  }
  return DynamicResource as unknown as DynamicResourceClass<D>;
}

/**
 * An output is kept secret when the input of its name is. For one that shows what an argument holds, an input of nothing
 * that is secret when the argument is makes it one; a plain nothing is left out.
 */
function shadows({ outputs }: ResourceDeclaration, args: pulumi.Inputs): pulumi.Inputs {
  const names = namesWhere(outputs, ({ secretWith }) => secretWith);
  return Object.fromEntries(
    names.map((name) => {
      const shown = args[outputs[name]?.secretWith as string];
      return [name, pulumi.output(shown).apply(() => undefined)];
    }),
  );
}

/** Pulumi does not tell a dynamic provider the `customTimeouts`, so they travel among the inputs. */
function timeouts(
  own: pulumi.Input<pulumi.CustomTimeouts> | undefined,
  { customTimeouts }: pulumi.CustomResourceOptions,
) {
  if (!own && !customTimeouts) return undefined;
  const { create, delete: remove } = customTimeouts ?? {};
  return pulumi.output(own).apply((given) => ({ create, delete: remove, ...given }));
}
