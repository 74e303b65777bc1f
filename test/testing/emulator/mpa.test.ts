import {
  arnOf,
  CUSTOMER,
  type Harness,
  INSTANCE_ARN,
  PARTNER,
  START,
  sourcePath,
  startHarness,
  tagsPath,
} from "./harness";

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const parameters = (instanceArn = INSTANCE_ARN) => ({
  IamIdentityCenter: { InstanceArn: instanceArn, Region: "eu-central-1" },
});
const create = (account = PARTNER, more: object = {}) =>
  harness.mpa(account, "POST", "/identity-sources", { IdentitySourceParameters: parameters(), ...more });
const get = (account = PARTNER) => harness.mpa(account, "GET", sourcePath(account));

const expectError = (answer: Awaited<ReturnType<typeof get>>, status: number, type: string) => {
  expect({ status: answer.status, type: answer.headers.get("x-amzn-errortype") }).toEqual({ status, type });
  expect(answer.body).toEqual({ __type: type, Message: expect.stringMatching(/\S/) });
};

describe("identity sources", () => {
  it("are created at once and become active on the clock", async () => {
    const created = await create();
    expect(created).toMatchObject({
      status: 200,
      body: {
        IdentitySourceType: "IAM_IDENTITY_CENTER",
        IdentitySourceArn: arnOf(PARTNER),
        CreationTime: START.toISOString(),
      },
    });
    expect((await get()).body).toMatchObject({ Status: "CREATING" });
    harness.clock.advance(499);
    expect((await get()).body).toMatchObject({ Status: "CREATING" });
    harness.clock.advance(1);
    expect((await get()).body).toEqual({
      IdentitySourceType: "IAM_IDENTITY_CENTER",
      IdentitySourceParameters: {
        IamIdentityCenter: {
          InstanceArn: INSTANCE_ARN,
          Region: "eu-central-1",
          ApprovalPortalUrl: `${harness.emulator.endpoint}/mpa/home/approval-portal/${PARTNER}`,
        },
      },
      IdentitySourceArn: arnOf(PARTNER),
      CreationTime: START.toISOString(),
      Status: "ACTIVE",
    });
  });

  it("can end in an error that tests choose while the emulator runs", async () => {
    const failed = { statusCode: "IDC_INSTANCE_NOT_FOUND", statusMessage: "no such instance" } as const;
    harness.emulator.identitySourceCreation = { delayMs: 0, outcome: failed };
    await create();
    expect((await get()).body).toMatchObject({
      Status: "ERROR",
      StatusCode: "IDC_INSTANCE_NOT_FOUND",
      StatusMessage: "no such instance",
    });
  });

  it("are one to an account", async () => {
    await create();
    expectError(await create(PARTNER, { ClientToken: "other" }), 402, "ServiceQuotaExceededException");
    expect((await create(CUSTOMER)).status).toBe(200);
    expect((await get(CUSTOMER)).body).toMatchObject({ IdentitySourceArn: arnOf(CUSTOMER) });
  });

  it("are listed, one page", async () => {
    const list = (query = "") => harness.mpa(PARTNER, "POST", `/identity-sources/?List=${query}`);
    expect((await list()).body).toEqual({ IdentitySources: [] });
    await create();
    const listed = await list("&MaxResults=1");
    expect(listed.body).toEqual({
      IdentitySources: [expect.objectContaining({ IdentitySourceArn: arnOf(PARTNER) })],
    });
    expect((await list("&MaxResults=20")).status).toBe(200);
    expectError(await list("&MaxResults=0"), 400, "ValidationException");
    expectError(await list("&MaxResults=21"), 400, "ValidationException");
    expectError(await list("&MaxResults=many"), 400, "SerializationException");
    expectError(await list("&NextToken=made-up"), 400, "ValidationException");
  });

  it("belong to their account alone", async () => {
    await create();
    expectError(await harness.mpa(CUSTOMER, "GET", sourcePath(PARTNER)), 403, "AccessDeniedException");
    expectError(await harness.mpa(CUSTOMER, "DELETE", sourcePath(PARTNER)), 403, "AccessDeniedException");
    expectError(await harness.mpa(CUSTOMER, "GET", tagsPath(PARTNER)), 403, "AccessDeniedException");
  });

  it("are deleted on the clock, and deleting twice is fine", async () => {
    await create();
    expect((await harness.mpa(PARTNER, "DELETE", sourcePath(PARTNER))).status).toBe(200);
    expect((await get()).body).toMatchObject({ Status: "DELETING" });
    expect((await harness.mpa(PARTNER, "DELETE", sourcePath(PARTNER))).status).toBe(200);
    harness.clock.advance("1s");
    expectError(await get(), 404, "ResourceNotFoundException");
    expect((await harness.mpa(PARTNER, "DELETE", sourcePath(PARTNER))).status).toBe(200);
    expect((await create(PARTNER, { ClientToken: "again" })).status).toBe(200);
  });

  it("can fail to be deleted", async () => {
    await create();
    const outcome = { statusCode: "DELETION_FAILED", statusMessage: "in the way" } as const;
    harness.emulator.identitySourceDeletion = { delayMs: 0, outcome };
    await harness.mpa(PARTNER, "DELETE", sourcePath(PARTNER));
    expect((await get()).body).toMatchObject({ Status: "ERROR", StatusCode: "DELETION_FAILED" });
  });

  it("are not deleted while a team uses them", async () => {
    await create();
    const team = `arn:aws:mpa:us-east-1:${PARTNER}:approval-team/ops`;
    harness.emulator.store.identitySources.get(PARTNER)?.usedByTeams.add(team);
    expectError(await harness.mpa(PARTNER, "DELETE", sourcePath(PARTNER)), 409, "ConflictException");
    expect(harness.emulator.store.identitySources.get(PARTNER)?.status).toBe("CREATING");
  });
});

describe("ClientToken", () => {
  const token = { ClientToken: "same" };

  it("answers a repeated create with the first result", async () => {
    const first = await create(PARTNER, token);
    harness.clock.advance("1h");
    expect((await create(PARTNER, token)).body).toEqual(first.body);
    expect(harness.emulator.store.identitySources.size).toBe(1);
  });

  it("answers so even when the source has been deleted since, and creates nothing", async () => {
    const first = await create(PARTNER, token);
    await harness.mpa(PARTNER, "DELETE", sourcePath(PARTNER));
    harness.clock.advance("1s");
    expect((await create(PARTNER, token)).body).toEqual(first.body);
    expect((await get()).status).toBe(404);
  });

  it("refuses other parameters", async () => {
    await create(PARTNER, token);
    const other = parameters("arn:aws:sso:::instance/ssoins-fedcba0987654321");
    expectError(
      await create(PARTNER, { ...token, IdentitySourceParameters: other }),
      400,
      "ValidationException",
    );
    expectError(await create(PARTNER, { ...token, Tags: { a: "b" } }), 400, "ValidationException");
  });

  it("belongs to its account", async () => {
    await create(PARTNER, token);
    expect((await create(CUSTOMER, token)).body).toMatchObject({ IdentitySourceArn: arnOf(CUSTOMER) });
  });
});

describe("tags", () => {
  const tags = async () => (await harness.mpa(PARTNER, "GET", tagsPath(PARTNER))).body["Tags"];
  const tag = (given: object) => harness.mpa(PARTNER, "PUT", tagsPath(PARTNER), { Tags: given });
  const many = (count: number, prefix = "t") =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, "v"]));

  it("are set, changed and removed", async () => {
    await create(PARTNER, { Tags: { stage: "dev", team: "a" } });
    expect(await tags()).toEqual({ stage: "dev", team: "a" });
    expect((await tag({ stage: "prod", __proto__x: "" })).status).toBe(200);
    expect(await tags()).toEqual({ stage: "prod", team: "a", __proto__x: "" });
    const removed = await harness.mpa(PARTNER, "POST", tagsPath(PARTNER), {
      TagKeys: ["team", "__proto__x", "none"],
    });
    expect(removed.status).toBe(200);
    expect(await tags()).toEqual({ stage: "prod" });
  });

  it("may have any key, __proto__ too", async () => {
    await create();
    await harness.mpa(PARTNER, "PUT", tagsPath(PARTNER), '{"Tags":{"__proto__":"x"}}');
    expect(JSON.stringify(await tags())).toBe('{"__proto__":"x"}');
  });

  it("are 50 at most", async () => {
    expect((await create(PARTNER, { Tags: many(50) })).status).toBe(200);
    expectError(await tag({ more: "" }), 400, "TooManyTagsException");
    expect((await tag({ t0: "changed" })).status).toBe(200);
    expectError(await create(CUSTOMER, { Tags: many(51) }), 400, "ValidationException");
  });

  it("may not use the prefix aws:", async () => {
    expectError(await create(PARTNER, { Tags: { "aws:x": "" } }), 400, "ValidationException");
    await create();
    expectError(await tag({ "AWS:x": "" }), 400, "ValidationException");
  });

  it("have bounds, and their values are never repeated", async () => {
    await create();
    expect((await tag({ ["k".repeat(128)]: "v".repeat(256) })).status).toBe(200);
    const long = await tag({ ["secret".repeat(30)]: "" });
    expectError(long, 400, "ValidationException");
    expect(JSON.stringify(long.body)).not.toContain("secret");
    expectError(await tag({ k: "v".repeat(257) }), 400, "ValidationException");
    expectError(await tag({ "": "v" }), 400, "ValidationException");
    const untag = (keys: string[]) => harness.mpa(PARTNER, "POST", tagsPath(PARTNER), { TagKeys: keys });
    expect((await untag(Object.keys(many(50)))).status).toBe(200);
    expectError(await untag(Object.keys(many(51))), 400, "ValidationException");
  });

  it("need a resource", async () => {
    expectError(await harness.mpa(PARTNER, "GET", tagsPath(PARTNER)), 404, "ResourceNotFoundException");
    expectError(await tag({ a: "b" }), 404, "ResourceNotFoundException");
    expectError(
      await harness.mpa(PARTNER, "POST", tagsPath(PARTNER), { TagKeys: [] }),
      404,
      "ResourceNotFoundException",
    );
    expectError(await harness.mpa(PARTNER, "GET", "/tags/not-an-arn"), 400, "ValidationException");
  });
});

describe("validation", () => {
  const send = (IamIdentityCenter: unknown, more: object = {}) =>
    harness.mpa(PARTNER, "POST", "/identity-sources", {
      IdentitySourceParameters: { IamIdentityCenter },
      ...more,
    });
  const withArn = (InstanceArn: unknown) => send({ InstanceArn, Region: "us-east-1" });

  it.each([
    ["sso instance", "arn:aws:sso:::instance/ssoins-1234567890abcdef"],
    ["plain instance", "arn:aws-us-gov:sso:::instance/ins-1234567890abcd-."],
  ])("takes the ARN of a %s", async (_name, arn) => {
    expect((await withArn(arn)).status).toBe(200);
  });

  it.each([
    ["too short", "arn:aws:sso", "length greater than or equal to 20"],
    ["15 characters of id", "arn:aws:sso:::instance/ssoins-1234567890abcde", "regular expression pattern"],
    ["17 characters of id", "arn:aws:sso:::instance/ssoins-1234567890abcdef0", "regular expression pattern"],
    [
      "too long",
      `arn:${"a".repeat(2050)}:sso:::instance/ssoins-1234567890abcdef`,
      "length less than or equal to 2048",
    ],
  ])("refuses an instance ARN that is %s", async (_name, arn, why) => {
    const answer = await withArn(arn);
    expectError(answer, 400, "ValidationException");
    expect(answer.body["Message"]).toContain(why);
    expect(answer.body["Message"]).toContain("'identitySourceParameters.iamIdentityCenter.instanceArn'");
  });

  it("refuses what is missing, all at once", async () => {
    expectError(await harness.mpa(PARTNER, "POST", "/identity-sources", {}), 400, "ValidationException");
    expectError(await send(undefined), 400, "ValidationException");
    expect((await send({})).body["Message"]).toMatch(/^2 validation errors detected: .*instanceArn.*region/);
  });

  it("bounds the region and the token", async () => {
    expectError(
      await send({ InstanceArn: INSTANCE_ARN, Region: "r".repeat(1001) }),
      400,
      "ValidationException",
    );
    const sized = (length: number) => create(PARTNER, { ClientToken: "t".repeat(length) });
    expectError(await sized(4097), 400, "ValidationException");
    expect((await sized(4096)).status).toBe(200);
  });

  it("refuses wrong types, drops nulls", async () => {
    expectError(await withArn(7), 400, "SerializationException");
    expectError(await send([]), 400, "SerializationException");
    expectError(await create(PARTNER, { Tags: { a: 1 } }), 400, "SerializationException");
    expectError(await create(PARTNER, { Tags: [] }), 400, "SerializationException");
    expect((await create(PARTNER, { Tags: null, ClientToken: null, Unknown: 1 })).status).toBe(200);
  });
});
