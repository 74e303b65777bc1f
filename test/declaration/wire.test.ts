import type { Properties, ValuesOf } from "../../src/declaration/properties";
import { expand, flatten } from "../../src/declaration/wire";

const nested = {
  policyArn: { type: "string" },
  note: { type: "string", optional: true, local: true },
} as const satisfies Properties;

const properties = {
  description: { type: "string" },
  renewWhen: { type: "string", optional: true, local: true },
  policies: { type: "array", items: { type: "object", properties: nested }, optional: true },
} as const satisfies Properties;

const strategy = {
  mOfN: { type: "object", properties: { minimum: { type: "scalar" } }, wireName: "MofN" },
  since: { type: "string", optional: true },
} as const satisfies Properties;

test("what AWS names in a way of its own is found at any depth", () => {
  const declared = {
    strategies: { type: "array", items: { type: "object", properties: strategy } },
  } as const satisfies Properties;
  const values = { strategies: [{ mOfN: { minimum: 2 } }] };
  expect(expand(declared, values)).toEqual({ Strategies: [{ MofN: { Minimum: 2 } }] });
  const answer = { Strategies: [{ MofN: { Minimum: 2, More: 1 }, Since: new Date(0) }] };
  expect(flatten(declared, answer)).toEqual({
    strategies: [{ mOfN: { minimum: 2 }, since: "1970-01-01T00:00:00.000Z" }],
  });
});

const outputs = {
  description: { type: "string" },
  createDate: { type: "string", optional: true },
} as const satisfies Properties;

test("arguments go to AWS by its names, and what is ours or left out does not", () => {
  const policies = [{ policyArn: "arn", note: "ours" }];
  const values: ValuesOf<typeof properties> = { description: "why", renewWhen: "EXPIRED", policies };
  expect(expand(properties, values)).toEqual({ Description: "why", Policies: [{ PolicyArn: "arn" }] });
});

test("outputs come from AWS by its names, dates as ISO 8601, and what it leaves out stays out", () => {
  const answer = { Description: "why", CreateDate: new Date(0), Unknown: 1 };
  expect(flatten(outputs, answer)).toEqual({ description: "why", createDate: "1970-01-01T00:00:00.000Z" });
});
