import type { Property } from "../../provider/properties";

/** Tags as every taggable resource of Multi-party approval has them. */
export const TAGS = {
  type: "map",
  maxProperties: 50,
  keys: {
    type: "string",
    minLength: 1,
    maxLength: 128,
    pattern: /^(?!aws:)/i,
    patternMessage: 'must not begin with "aws:": such keys are AWS\'s own',
  },
  values: { type: "string", maxLength: 256 },
  optional: true,
  onChange: "update",
} as const satisfies Property;
