import { conforms } from "../conformance";
import { arnOf, PARTNER, tagsPath } from "../harness";
import { ARN, created, expectError, freshAccount } from "./identitySources";

const call = (caller: string, of = caller) => ({
  caller,
  input: { ResourceArn: arnOf(of), Tags: { stage: "dev" } },
});
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, "v"]));

const harness = conforms({
  service: "mpa",
  operation: "TagResource",
  example: async (running) => call(await created(running)),
  sharper: { ResourceArn: ARN },
  errors: {
    ValidationException: async (running) => {
      const caller = await created(running);
      return { caller, input: { ResourceArn: arnOf(caller), Tags: { "AWS:reserved": "" } } };
    },
    ResourceNotFoundException: () => call(freshAccount()),
    AccessDeniedException: async (running) => call(PARTNER, await created(running)),
    TooManyTagsException: async (running) => call(await created(running, { Tags: many(50) })),
    ThrottlingException: "injected",
    InternalServerException: "injected",
  },
});

const tag = (account: string, body: unknown) => harness().mpa(account, "PUT", tagsPath(account), body);
const tags = async (account: string) => (await harness().mpa(account, "GET", tagsPath(account))).body["Tags"];

it("sets and changes tags", async () => {
  const account = await created(harness(), { Tags: { stage: "dev", team: "a" } });
  expect((await tag(account, { Tags: { stage: "prod", more: "" } })).body).toEqual({});
  expect(await tags(account)).toEqual({ stage: "prod", team: "a", more: "" });
});

it("takes any key, __proto__ too", async () => {
  const account = await created(harness());
  await tag(account, '{"Tags":{"__proto__":"x"}}');
  expect(JSON.stringify(await tags(account))).toBe('{"__proto__":"x"}');
});

it("counts the tags that there will be", async () => {
  const account = await created(harness(), { Tags: many(49) });
  expect((await tag(account, { Tags: { ...many(49), one: "more" } })).status).toBe(200);
  expect((await tag(account, { Tags: { t0: "changed" } })).status).toBe(200);
  expectError(await tag(account, { Tags: { two: "" } }), 400, "TooManyTagsException");
});
