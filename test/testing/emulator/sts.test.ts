import { CreateTopicCommand } from "@aws-sdk/client-sns";
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
} from "@aws-sdk/client-sts";
import {
  type Credentials,
  CUSTOMER,
  failure,
  type Harness,
  PARTNER,
  START,
  signed,
  startHarness,
} from "./harness";

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const identity = async (who: string | Credentials) => {
  const { Account, Arn, UserId } = await harness.sts(who).send(new GetCallerIdentityCommand());
  return { Account, Arn, UserId };
};
const assume = (who: string | Credentials, more: Partial<AssumeRoleCommandInput> = {}) =>
  harness.sts(who).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${CUSTOMER}:role/path/Admin`,
      RoleSessionName: "alice",
      ...more,
    }),
  );
const credentials = async (
  who: string | Credentials,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<Credentials> => {
  const { Credentials: issued } = await assume(who, more);
  return {
    accessKeyId: issued?.AccessKeyId ?? "",
    secretAccessKey: issued?.SecretAccessKey ?? "",
    sessionToken: issued?.SessionToken ?? "",
  };
};

describe("accounts", () => {
  it("are the access key id when it has 12 digits", async () => {
    expect(await identity(PARTNER)).toEqual({
      Account: PARTNER,
      Arn: `arn:aws:iam::${PARTNER}:root`,
      UserId: PARTNER,
    });
  });

  it.each(["test", "AKIAIOSFODNN7EXAMPLE", "12345678901", "1234567890123"])(
    "are 000000000000 for %s",
    async (key) => {
      expect(await identity(key)).toMatchObject({ Account: "000000000000" });
    },
  );

  it("are the role's for a role's credentials", async () => {
    expect(await identity(await credentials(PARTNER))).toEqual({
      Account: CUSTOMER,
      Arn: `arn:aws:sts::${CUSTOMER}:assumed-role/Admin/alice`,
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:alice$/),
    });
  });
});

describe("AssumeRole", () => {
  it("issues credentials for an hour, or as long as asked", async () => {
    expect(await assume(PARTNER, { SourceIdentity: "bob" })).toMatchObject({
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
        SecretAccessKey: expect.stringMatching(/^.{40}$/),
        SessionToken: expect.stringMatching(/^.{100,}$/),
        Expiration: new Date(START.getTime() + 3_600_000),
      },
      AssumedRoleUser: { Arn: `arn:aws:sts::${CUSTOMER}:assumed-role/Admin/alice` },
      SourceIdentity: "bob",
    });
    for (const DurationSeconds of [900, 43_200]) {
      const expiration = (await assume(PARTNER, { DurationSeconds })).Credentials?.Expiration;
      expect(expiration).toEqual(new Date(START.getTime() + DurationSeconds * 1_000));
    }
  });

  it.each<[string, Partial<AssumeRoleCommandInput>]>([
    ["899 seconds", { DurationSeconds: 899 }],
    ["43201 seconds", { DurationSeconds: 43_201 }],
    ["a session name of 1", { RoleSessionName: "a" }],
    ["a session name of 65", { RoleSessionName: "a".repeat(65) }],
    ["a session name with a space", { RoleSessionName: "a b" }],
    ["an ARN that is no role's", { RoleArn: `arn:aws:iam::${CUSTOMER}:user/alice` }],
    ["51 tags", { Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "v" })) }],
    ["an empty tag key", { Tags: [{ Key: "", Value: "" }] }],
    ["an external id of 1", { ExternalId: "x" }],
    ["a token code of 5", { TokenCode: "12345" }],
  ])("refuses %s", async (_name, more) => {
    expect(await failure(assume(PARTNER, more))).toMatchObject({ code: "ValidationError", status: 400 });
  });

  it("refuses a policy that is no JSON", async () => {
    expect(await failure(assume(PARTNER, { Policy: "{" }))).toMatchObject({
      code: "MalformedPolicyDocument",
      status: 400,
    });
    await expect(
      assume(PARTNER, { Policy: '{"Version":"2012-10-17","Statement":[]}' }),
    ).resolves.toBeDefined();
  });

  it("limits chained roles to an hour", async () => {
    const chained = await credentials(PARTNER);
    await expect(assume(chained, { DurationSeconds: 3600 })).resolves.toBeDefined();
    expect(await failure(assume(chained, { DurationSeconds: 3601 }))).toMatchObject({
      code: "ValidationError",
    });
  });
});

describe("temporary credentials", () => {
  const now = async (who: Credentials) => failure(identity(who));

  it("expire on the clock, for every service", async () => {
    const issued = await credentials(PARTNER, { DurationSeconds: 900 });
    harness.clock.advance("899s");
    await expect(identity(issued)).resolves.toMatchObject({ Account: CUSTOMER });
    harness.clock.advance("1s");
    expect(await now(issued)).toMatchObject({ code: "ExpiredToken", status: 403 });
    expect(await failure(harness.sns(issued).send(new CreateTopicCommand({ Name: "t" })))).toMatchObject({
      status: 403,
    });
    const mpa = await fetch(`${harness.emulator.endpoint}/identity-sources/?List=`, {
      method: "POST",
      headers: { ...signed("mpa", issued), "x-amz-security-token": issued.sessionToken ?? "" },
    });
    expect(mpa.status).toBe(403);
    expect(mpa.headers.get("x-amzn-errortype")).toBe("ExpiredTokenException");
  });

  it("need their own session token", async () => {
    const issued = await credentials(PARTNER);
    const other = await credentials(PARTNER);
    const invalid = { code: "InvalidClientTokenId", status: 403 };
    expect(
      await now({ accessKeyId: issued.accessKeyId, secretAccessKey: issued.secretAccessKey }),
    ).toMatchObject(invalid);
    expect(await now({ ...issued, sessionToken: other.sessionToken ?? "" })).toMatchObject(invalid);
    expect(await now({ ...issued, accessKeyId: "ASIAIOSFODNN7EXAMPLE" })).toMatchObject(invalid);
  });
});
