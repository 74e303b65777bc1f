import type { Property } from "../../declaration/properties";
import { TEAM_ARN } from "../mpa/properties";

// What the resources that bind a team to what it protects have in common.

/** The team. */
export const TEAM = { ...TEAM_ARN, onChange: "update", voted: true } as const satisfies Property;

/** What to wait for. */
export const WAIT_FOR = {
  type: "string",
  enum: ["APPROVED"],
  optional: true,
  onChange: "update",
  local: true,
} as const satisfies Property;
