import type { Property } from "../../provider/properties";

/** Tags as every taggable resource of Multi-party approval has them: AWS allows 50, and one is ours. */
export const TAGS = {
  type: "map",
  maxProperties: 49,
  keys: {
    type: "string",
    minLength: 1,
    maxLength: 128,
    pattern: /^(?!aws:|pulumi-aws-approvals:)/i,
    patternMessage: 'must not begin with "aws:" or "pulumi-aws-approvals:": such keys are AWS\'s and ours',
  },
  values: { type: "string", maxLength: 256 },
  optional: true,
  onChange: "update",
} as const satisfies Property;
