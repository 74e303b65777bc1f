import { AssumeRoleCommand, type AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import { conforms } from "../conformance";
import { type Credentials, CUSTOMER, failure, PARTNER, roleSession } from "../harness";

const ROLE = `arn:aws:iam::${CUSTOMER}:role/`;
const FULL = {
  RoleArn: `${ROLE}path/Admin`,
  RoleSessionName: "alice",
  PolicyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
  Policy: '{"Version":"2012-10-17","Statement":[]}',
  DurationSeconds: 3600,
  Tags: [{ Key: "team", Value: "a" }],
  TransitiveTagKeys: ["team"],
  ExternalId: "external",
  SerialNumber: `arn:aws:iam::${PARTNER}:mfa/alice`,
  TokenCode: "123456",
  SourceIdentity: "bob",
  ProvidedContexts: [
    { ProviderArn: "arn:aws:iam::aws:contextProvider/IdentityCenter", ContextAssertion: "token" },
  ],
  MinimumSessionTokenSize: 0,
};

const harness = conforms({
  service: "sts",
  operation: "AssumeRole",
  example: () => ({ caller: PARTNER, input: FULL }),
  sharper: {
    RoleArn: {
      why: "the role's account and name are read from it",
      code: "ValidationError",
      valid: (length) => {
        const path = length - ROLE.length - "/R".length;
        return path < 1 ? undefined : `${ROLE}${"p".repeat(path)}/R`;
      },
    },
    Policy: {
      why: "it must be a JSON object",
      code: "MalformedPolicyDocument",
      valid: (length) => (length < 2 ? undefined : `{${" ".repeat(length - 2)}}`),
    },
  },
  errors: {
    MalformedPolicyDocumentException: () => ({ caller: PARTNER, input: { ...FULL, Policy: "[]" } }),
    PackedPolicyTooLargeException: "injected",
    RegionDisabledException: "injected",
    ExpiredTokenException: "injected",
  },
});

const assume = (who: string | Credentials, more: Partial<AssumeRoleCommandInput> = {}) =>
  harness()
    .sts(who)
    .send(new AssumeRoleCommand({ RoleArn: FULL.RoleArn, RoleSessionName: "alice", ...more }));

it("issues credentials for an hour, or as long as asked", async () => {
  const now = harness().clock.now().getTime();
  expect(await assume(PARTNER, { SourceIdentity: "bob" })).toMatchObject({
    Credentials: {
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^.{40}$/),
      SessionToken: expect.stringMatching(/^.{100,}$/),
      Expiration: new Date(now + 3_600_000),
    },
    AssumedRoleUser: { Arn: `arn:aws:sts::${CUSTOMER}:assumed-role/Admin/alice` },
    SourceIdentity: "bob",
  });
  for (const DurationSeconds of [900, 43_200]) {
    const expiration = (await assume(PARTNER, { DurationSeconds })).Credentials?.Expiration;
    expect(expiration).toEqual(new Date(now + DurationSeconds * 1_000));
  }
});

it("limits chained roles to an hour", async () => {
  const chained = await roleSession(harness(), PARTNER);
  await expect(assume(chained, { DurationSeconds: 3600 })).resolves.toBeDefined();
  expect(await failure(assume(chained, { DurationSeconds: 3601 }))).toMatchObject({
    code: "ValidationError",
    status: 400,
  });
});
