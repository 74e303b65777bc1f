import * as pulumi from "@pulumi/pulumi";
import { dynamicType } from "../program/handle";
import { hasType } from "../program/hasType";
import { disableStackTraces } from "../program/stackTraces";
import type { ArgsOf } from "../program/types";
import type { ResourceDeclaration } from "../provider/properties";
import { refuseForeignConfiguration } from "./provider";

import { version } from "./version";

/** The arguments of a resource's class. How long to wait for AWS, the option `customTimeouts` says. */
export type ResourceArgs<D extends ResourceDeclaration> = ArgsOf<D["inputs"]>;

/** The type of a class that {@link pluginResource} makes. */
export interface PluginResourceClass<Args, Outputs> {
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

/** Makes the base class of a declared resource: a resource of the plugin. A dynamic one of the same name becomes it. */
export function pluginResource<Args, Outputs>(
  declaration: ResourceDeclaration,
): PluginResourceClass<Args, Outputs> {
  const { token } = declaration;
  const names = [...Object.keys(declaration.inputs), ...Object.keys(declaration.outputs)];
  const outputs = Object.fromEntries(names.map((name) => [name, undefined]));
  const ours: pulumi.CustomResourceOptions = { version, aliases: [{ type: dynamicType(declaration) }] };

  class PluginResource extends pulumi.CustomResource {
    constructor(name: string, args: pulumi.Inputs | undefined, opts: pulumi.CustomResourceOptions = {}) {
      refuseForeignConfiguration(token, name, opts);
      const restoreStackTraces = disableStackTraces();
      try {
        super(token, name, { ...outputs, ...args }, pulumi.mergeOptions(ours, opts));
      } finally {
        restoreStackTraces();
      }
    }

    static override isInstance(value: unknown): value is PluginResource {
      return hasType(value, token);
    }
  }
  return PluginResource as unknown as PluginResourceClass<Args, Outputs>;
}
