import type { Properties, ResourceDeclaration } from "../properties";

/** An argument of this front: Pulumi tells a dynamic provider no `customTimeouts`, so they travel among the inputs. */
export const TIMEOUTS = {
  /** How long to wait for AWS, as time spans such as `90s` or `10m`. `opts.customTimeouts` sets them too. */
  timeouts: {
    type: "object",
    properties: {
      /** Until it is there. Default: `10m`. */
      create: { type: "string", format: "duration", optional: true },
      /** Until it is gone. Default: `10m`. */
      delete: { type: "string", format: "duration", optional: true },
    },
    optional: true,
    onChange: "update",
  },
} as const satisfies Properties;

const accepted = new WeakMap<ResourceDeclaration, Properties>();

/** What a program may give a resource by this front. */
export function acceptedProperties(declaration: ResourceDeclaration): Properties {
  if (!declaration.timeouts) return declaration.inputs;
  const known = accepted.get(declaration) ?? { ...declaration.inputs, ...TIMEOUTS };
  accepted.set(declaration, known);
  return known;
}
