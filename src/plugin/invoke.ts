import * as pulumi from "@pulumi/pulumi";
import type { FunctionDeclaration } from "../declaration/properties";
import { refuseForeignConfiguration } from "./provider";
import { release } from "./release";

/** Calls a function of the plugin, with the configuration of the stack, or of the given provider. */
export function invoke<Result>(
  { token }: FunctionDeclaration,
  args: object,
  opts: pulumi.InvokeOutputOptions,
): pulumi.Output<Result> {
  refuseForeignConfiguration(token, token, opts);
  return pulumi.runtime.invokeOutput<Result>(token, args as pulumi.Inputs, { ...release, ...opts });
}

/**
 * Calls a function whose one output is a list. In a preview with a provider whose arguments are not known yet, Pulumi
 * answers in the plugin's place, and leaves the list out.
 */
export function invokeList<Item>(
  declaration: FunctionDeclaration,
  args: object,
  opts: pulumi.InvokeOutputOptions,
): pulumi.Output<Item[]> {
  const [name = ""] = Object.keys(declaration.outputs);
  const result = invoke<Record<string, Item[]>>(declaration, args, opts);
  return result.apply((lists) => lists[name] ?? (pulumi.unknown as never));
}
