import type { Property } from "../../declaration/properties";

export const VAULT_NAME = {
  type: "string",
  pattern: /^[a-zA-Z0-9_-]{2,50}$/,
  patternMessage: "must be 2 to 50 letters, digits, - and _",
} as const satisfies Property;

/** The ARN of a vault, of whichever partition. */
export const VAULT_ARN = {
  type: "string",
  pattern: /^arn:[^:]+:backup:[a-z0-9-]+:\d{12}:backup-vault:.+$/,
  patternMessage:
    "must be the ARN of a backup vault, such as arn:aws:backup:us-east-1:111122223333:backup-vault:vault",
} as const satisfies Property;

/** What members read when they vote. */
export const REQUESTER_COMMENT = {
  type: "string",
  optional: true,
  onChange: "update",
} as const satisfies Property;
