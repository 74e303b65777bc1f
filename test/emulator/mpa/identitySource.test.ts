import { arnOf, INSTANCE_ARN, START, useHarness } from "../harness";
import {
  create,
  created,
  expectError,
  freshAccount,
  get,
  PARAMETERS,
  remove,
  tagsOf,
  use,
} from "./identitySources";

describe("CreateIdentitySource", () => {
  const harness = useHarness();

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
    await created(harness(), { Tags: tagsOf(50) });
    for (const Tags of [tagsOf(51), { "aws:x": "" }, { "AWS:x": "" }]) {
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
});

describe("GetIdentitySource", () => {
  const harness = useHarness();

  it("tells all of a source", async () => {
    harness().clock.set(START);
    const account = await created(harness());
    harness().clock.advance("1s");
    expect((await get(harness(), account)).body).toEqual({
      IdentitySourceType: "IAM_IDENTITY_CENTER",
      IdentitySourceParameters: {
        IamIdentityCenter: {
          InstanceArn: INSTANCE_ARN,
          Region: "eu-central-1",
          ApprovalPortalUrl: `${harness().emulator.endpoint}/mpa/home/approval-portal/${account}`,
        },
      },
      IdentitySourceArn: arnOf(account),
      CreationTime: START.toISOString(),
      Status: "ACTIVE",
    });
  });
});

describe("ListIdentitySources", () => {
  const harness = useHarness();

  it("lists the account's source on the one page there is", async () => {
    const list = (account: string, more = "") =>
      harness().mpa(account, "POST", `/identity-sources/?List=${more}`);
    expect((await list(freshAccount())).body).toEqual({ IdentitySources: [] });
    const account = await created(harness());
    const { body: source } = await get(harness(), account);
    expect(source["IdentitySourceArn"]).toBe(arnOf(account));
    for (const more of ["", "&MaxResults=1", "&MaxResults=20"]) {
      expect((await list(account, more)).body).toEqual({ IdentitySources: [source] });
    }
  });
});

describe("DeleteIdentitySource", () => {
  const harness = useHarness();

  it("deletes on the clock, and twice is fine", async () => {
    const account = await created(harness());
    expect((await remove(harness(), account)).status).toBe(200);
    expect((await get(harness(), account)).body).toMatchObject({ Status: "DELETING" });
    expect((await remove(harness(), account)).status).toBe(200);
    harness().clock.advance("1s");
    expectError(await get(harness(), account), 404, "ResourceNotFoundException");
    expect((await remove(harness(), account)).status).toBe(200);
  });

  it("can fail", async () => {
    const account = await created(harness());
    const outcome = { statusCode: "DELETION_FAILED", statusMessage: "in the way" } as const;
    harness().emulator.identitySourceDeletion = { delayMs: 0, outcome };
    await remove(harness(), account);
    harness().emulator.identitySourceDeletion = {};
    expect((await get(harness(), account)).body).toMatchObject({
      Status: "ERROR",
      StatusCode: "DELETION_FAILED",
    });
  });

  it("leaves a source as it is that a team uses", async () => {
    const account = await created(harness());
    harness().clock.advance("1s");
    await use(harness(), account);
    await remove(harness(), account);
    expect((await get(harness(), account)).body).toMatchObject({ Status: "ACTIVE" });
  });
});
