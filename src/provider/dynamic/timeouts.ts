import type { Properties, ResourceDeclaration } from "../../declaration/properties";

/** An argument of this front only: Pulumi does not send `customTimeouts` to a dynamic provider, so they are passed as an input. */
export const TIMEOUTS = {
  /**
   * How long to wait for AWS, as durations such as `90s` or `10m`. The option `customTimeouts` sets them too, given to the
   * resource or by one of its `transformations`. Its `transforms` run in the engine, which does not pass the option on to
   * dynamic providers: let them set this argument among `props`.
   */
  timeouts: {
    type: "object",
    properties: {
      /** For the creation to complete. Default: `10m`. */
      create: { type: "string", format: "duration", optional: true },
      /** For the deletion to complete. Default: `10m`. */
      delete: { type: "string", format: "duration", optional: true },
    },
    optional: true,
    onChange: "update",
  },
} as const satisfies Properties;

const cache = new WeakMap<ResourceDeclaration, Properties>();

/** The arguments that a program may give, timeouts included. */
export function acceptedProperties(declaration: ResourceDeclaration): Properties {
  if (!declaration.timeouts) return declaration.inputs;
  const accepted = cache.get(declaration) ?? { ...declaration.inputs, ...TIMEOUTS };
  cache.set(declaration, accepted);
  return accepted;
}
