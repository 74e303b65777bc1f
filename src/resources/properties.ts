import type { Property } from "../declaration/properties";

// Arguments that resources of several services have. Each documents them where it names them.

/** Whether create takes over what exists. */
export const ADOPT = {
  type: "boolean",
  optional: true,
  onChange: "update",
  local: true,
} as const satisfies Property;

/** What deleting does, where people vote on it. */
export const DELETION = {
  type: "string",
  enum: ["request", "wait"],
  optional: true,
  default: "request",
  onChange: "update",
  local: true,
} as const satisfies Property;

/** Another value asks people again for what they have not approved. */
export const GENERATION = {
  type: "scalar",
  optional: true,
  onChange: "update",
  local: true,
} as const satisfies Property;
