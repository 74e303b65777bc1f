import * as pulumi from "@pulumi/pulumi";
import type { ResourceDeclaration } from "../declaration/properties";
import { dynamicType } from "../program/handle";
import { hasType } from "../program/hasType";
import { disableStackTraces } from "../program/stackTraces";
import type { ArgsOf, ResourceClass } from "../program/types";
import { refuseForeignConfiguration } from "./provider";
import { release } from "./release";

/** The arguments of a resource's class. How long to wait for AWS, the option `customTimeouts` says. */
export type ResourceArgs<D extends ResourceDeclaration> = ArgsOf<D["inputs"]>;

/** Makes the base class of a declared resource: a resource of the plugin. A dynamic one of the same name becomes it. */
export function pluginResource<Args, Outputs>(
  declaration: ResourceDeclaration,
): ResourceClass<Args, Outputs> {
  const { token } = declaration;
  const names = [...Object.keys(declaration.inputs), ...Object.keys(declaration.outputs)];
  const outputs = Object.fromEntries(names.map((name) => [name, undefined]));
  const ours: pulumi.CustomResourceOptions = { ...release, aliases: [{ type: dynamicType(declaration) }] };

  class PluginResource extends pulumi.CustomResource {
    constructor(name: string, args: pulumi.Inputs | undefined, opts: pulumi.CustomResourceOptions = {}) {
      refuseForeignConfiguration(`${token} ${name}`, token, opts);
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
  return PluginResource as unknown as ResourceClass<Args, Outputs>;
}
