import { string } from "../shapes";

export const delegationRequestId = string({ min: 16, max: 128, pattern: "[\\w-]+" });

export const notes = string({ max: 500, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*" });
