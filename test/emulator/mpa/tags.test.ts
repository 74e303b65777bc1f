import { arnOf, PARTNER, tagsPath, useHarness } from "../harness";
import { created, expectError, tagsOf } from "./identitySources";

const harness = useHarness();
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
  const account = await created(harness(), { Tags: tagsOf(49) });
  expect((await tag(account, { Tags: { ...tagsOf(49), one: "more" } })).status).toBe(200);
  expect((await tag(account, { Tags: { t0: "changed" } })).status).toBe(200);
  expectError(await tag(account, { Tags: { two: "" } }), 400, "TooManyTagsException");
});

it("removes the tags that there are", async () => {
  const account = await created(harness(), { Tags: { stage: "dev", team: "a" } });
  const { mpa } = harness();
  const untagged = await mpa(account, "POST", tagsPath(account), { TagKeys: ["team", "__proto__", "none"] });
  expect(untagged.body).toEqual({});
  expect((await mpa(account, "GET", tagsPath(account))).body).toEqual({ Tags: { stage: "dev" } });
});

it("lists the tags, or none", async () => {
  const { mpa } = harness();
  const [tagged, bare] = [await created(harness(), { Tags: { stage: "dev" } }), await created(harness())];
  expect((await mpa(tagged, "GET", tagsPath(tagged))).body).toEqual({ Tags: { stage: "dev" } });
  expect((await mpa(bare, "GET", tagsPath(bare))).body).toEqual({ Tags: {} });
});

describe.each([
  ["TagResource", "PUT", { Tags: { stage: "dev" } }],
  ["UntagResource", "POST", { TagKeys: ["stage"] }],
  ["ListTagsForResource", "GET", undefined],
])("%s", (_operation, method, body) => {
  const call = (account: string, arn: string) =>
    harness().mpa(account, method, `/tags/${encodeURIComponent(arn)}`, body);

  it.each<[string, (account: string) => string]>([
    ["approval team", (account) => `arn:aws:mpa:us-east-1:${account}:approval-team/ops`],
    ["session", (account) => `arn:aws:mpa:us-east-1:${account}:session/ops/1234`],
    ["second identity source", (account) => `${arnOf(account)}2`],
    ["identity source in another region", (account) => arnOf(account).replace("us-east-1", "eu-west-1")],
    ["resource of an unknown kind", (account) => `arn:aws:mpa:us-east-1:${account}:thing/ops`],
    ["resource of another service", () => "arn:aws:s3:::bucket"],
  ])("finds no %s", async (_kind, arnIn) => {
    const account = await created(harness());
    expectError(await call(account, arnIn(account)), 404, "ResourceNotFoundException");
  });

  it("is denied for resources of another account, whether or not they exist", async () => {
    const account = await created(harness());
    const team = `arn:aws:mpa:us-east-1:${PARTNER}:approval-team/ops`;
    for (const arn of [arnOf(PARTNER), team]) {
      expectError(await call(account, arn), 403, "AccessDeniedException");
    }
  });

  it.each(["ops", "arn:", "arn:aws:mpa:us-east-1", "arn:aws:mpa:us-east-1:12:identity-source/x"])(
    "refuses %s, which is no ARN",
    async (arn) => {
      expectError(await call(await created(harness()), arn), 400, "ValidationException");
    },
  );
});
