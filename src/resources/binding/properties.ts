import type { Property } from "../../provider/properties";

// What the resources that bind a team to what it protects have in common.

/** The ARN of an approval team. */
export const TEAM_ARN = {
  type: "string",
  minLength: 20,
  maxLength: 2048,
  pattern: /^arn:aws(-[^:]+)?:mpa:[a-z0-9-]{1,20}:[0-9]{12}:approval-team\/[a-zA-Z0-9._-]+$/,
  patternMessage: "must be the ARN of an approval team",
  onChange: "update",
} as const satisfies Property;

/** Whether create takes over what has another team. */
export const ADOPT = {
  type: "boolean",
  optional: true,
  onChange: "update",
  local: true,
} as const satisfies Property;

/** What to wait for. */
export const WAIT_FOR = {
  type: "string",
  enum: ["APPROVED"],
  optional: true,
  onChange: "update",
  local: true,
} as const satisfies Property;

/** What deleting does. */
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
