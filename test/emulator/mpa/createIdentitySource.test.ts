import { conforms } from "../conformance";
import { arnOf, INSTANCE_ARN, START } from "../harness";
import { create, created, expectError, freshAccount, get, PARAMETERS, remove } from "./identitySources";

const input = { IdentitySourceParameters: PARAMETERS, ClientToken: "one", Tags: { stage: "dev" } };

const harness = conforms({
  service: "mpa",
  operation: "CreateIdentitySource",
  example: () => ({ caller: freshAccount(), input }),
  sharper: {
    "IdentitySourceParameters.IamIdentityCenter": {
      why: "the answers know it as a union, and a union has one member",
      code: "ValidationException",
      required: true,
    },
  },
  errors: {
    ValidationException: () => ({
      caller: freshAccount(),
      input: { ...input, Tags: { "aws:reserved": "" } },
    }),
    ServiceQuotaExceededException: async (running) => ({ caller: await created(running), input }),
    AccessDeniedException: "injected",
    ThrottlingException: "injected",
    InternalServerException: "injected",
  },
});

it("creates at once what becomes active on the clock", async () => {
  harness().clock.set(START);
  const account = freshAccount();
  expect((await create(harness(), account)).body).toEqual({
    IdentitySourceType: "IAM_IDENTITY_CENTER",
    IdentitySourceArn: arnOf(account),
    CreationTime: START.toISOString(),
  });
  expect((await get(harness(), account)).body).toMatchObject({ Status: "CREATING" });
  harness().clock.advance(499);
  expect((await get(harness(), account)).body).toMatchObject({ Status: "CREATING" });
  harness().clock.advance(1);
  expect((await get(harness(), account)).body).toMatchObject({ Status: "ACTIVE" });
});

it("can end in an error that tests choose while the emulator runs", async () => {
  const failed = { statusCode: "IDC_INSTANCE_NOT_FOUND", statusMessage: "no such instance" } as const;
  harness().emulator.identitySourceCreation = { delayMs: 0, outcome: failed };
  const account = await created(harness());
  harness().emulator.identitySourceCreation = {};
  expect((await get(harness(), account)).body).toMatchObject({
    Status: "ERROR",
    StatusCode: "IDC_INSTANCE_NOT_FOUND",
    StatusMessage: "no such instance",
  });
});

it("takes the ARN of an instance in any partition, of either name", async () => {
  for (const InstanceArn of [INSTANCE_ARN, "arn:aws-us-gov:sso:::instance/ins-1234567890abcd-."]) {
    const IamIdentityCenter = { InstanceArn, Region: "us-east-1" };
    await created(harness(), { IdentitySourceParameters: { IamIdentityCenter } });
  }
});

it("refuses more than 50 tags, and those reserved for AWS", async () => {
  const tags = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, "v"]));
  await created(harness(), { Tags: tags(50) });
  for (const Tags of [tags(51), { "aws:x": "" }, { "AWS:x": "" }]) {
    expectError(await create(harness(), freshAccount(), { Tags }), 400, "ValidationException");
  }
});

it("reads null as absent, and reports all that is missing at once", async () => {
  await created(harness(), { Tags: null, ClientToken: null });
  const answer = await create(harness(), freshAccount(), {
    IdentitySourceParameters: { IamIdentityCenter: {} },
  });
  expect(answer.body["Message"]).toMatch(/^2 validation errors detected: .*instanceArn.*region/);
});

describe("ClientToken", () => {
  const token = { ClientToken: "same" };

  it("answers a repeated create with the first result", async () => {
    const account = freshAccount();
    const first = await create(harness(), account, token);
    harness().clock.advance("1h");
    expect((await create(harness(), account, token)).body).toEqual(first.body);
  });

  it("answers so even when the source has been deleted since, and creates nothing", async () => {
    const account = freshAccount();
    const first = await create(harness(), account, token);
    await remove(harness(), account);
    harness().clock.advance("1s");
    expect((await create(harness(), account, token)).body).toEqual(first.body);
    expectError(await get(harness(), account), 404, "ResourceNotFoundException");
    expect((await create(harness(), account, { ClientToken: "again" })).status).toBe(200);
  });

  it("refuses other parameters", async () => {
    const account = await created(harness(), token);
    const InstanceArn = "arn:aws:sso:::instance/ssoins-fedcba0987654321";
    const other = { IamIdentityCenter: { ...PARAMETERS.IamIdentityCenter, InstanceArn } };
    for (const more of [{ IdentitySourceParameters: other }, { Tags: { a: "b" } }]) {
      expectError(await create(harness(), account, { ...token, ...more }), 400, "ValidationException");
    }
  });

  it("belongs to its account", async () => {
    await created(harness(), token);
    const account = await created(harness(), token);
    expect((await get(harness(), account)).body).toMatchObject({ IdentitySourceArn: arnOf(account) });
  });
});
