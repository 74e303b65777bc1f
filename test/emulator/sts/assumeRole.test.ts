import { CreateTopicCommand } from "@aws-sdk/client-sns";
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
} from "@aws-sdk/client-sts";
import { type Credentials, CUSTOMER, failure, PARTNER, roleSession, signed, useHarness } from "../harness";

const harness = useHarness();

const POLICY_ARN = "arn:aws:iam::aws:policy/ReadOnlyAccess";

const assume = (who: string | Credentials, more: Partial<AssumeRoleCommandInput> = {}) =>
  harness()
    .sts(who)
    .send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${CUSTOMER}:role/path/Admin`,
        RoleSessionName: "alice",
        ...more,
      }),
    );

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

// Maxima of the API reference's text: the model has none.
it.each<[string, (length: number) => Partial<AssumeRoleCommandInput>, number]>([
  ["characters of a policy", (length) => ({ Policy: "{}".padEnd(length) }), 2048],
  ["managed policies", (length) => ({ PolicyArns: Array(length).fill({ arn: POLICY_ARN }) }), 10],
])("takes so many %s and no more", async (_name, of, max) => {
  await expect(assume(PARTNER, of(max))).resolves.toBeDefined();
  expect(await failure(assume(PARTNER, of(max + 1)))).toMatchObject({ code: "ValidationError", status: 400 });
});

it("limits chained roles to an hour", async () => {
  const chained = await roleSession(harness(), PARTNER);
  await expect(assume(chained, { DurationSeconds: 3600 })).resolves.toBeDefined();
  expect(await failure(assume(chained, { DurationSeconds: 3601 }))).toMatchObject({
    code: "ValidationError",
    status: 400,
  });
});

it("temporary credentials expire on the clock, for every service", async () => {
  const issued = await roleSession(harness(), CUSTOMER, { DurationSeconds: 900 });
  const { sts, sns, emulator, clock } = harness();
  clock.advance("899s");
  expect(await sts(issued).send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: CUSTOMER });
  clock.advance("1s");
  expect(await failure(sts(issued).send(new GetCallerIdentityCommand({})))).toMatchObject({
    code: "ExpiredToken",
    status: 403,
  });
  expect(await failure(sns(issued).send(new CreateTopicCommand({ Name: "t" })))).toMatchObject({
    status: 403,
  });
  const mpa = await fetch(`${emulator.endpoint}/identity-sources/?List=`, {
    method: "POST",
    headers: { ...signed("mpa", issued), "x-amz-security-token": issued.sessionToken ?? "" },
  });
  expect(mpa.status).toBe(403);
  expect(mpa.headers.get("x-amzn-errortype")).toBe("ExpiredTokenException");
});
