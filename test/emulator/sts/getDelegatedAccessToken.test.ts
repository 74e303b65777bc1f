import { GetCallerIdentityCommand, GetDelegatedAccessTokenCommand } from "@aws-sdk/client-sts";
import { type Credentials, CUSTOMER, failure, PARTNER, STRANGER, useHarness } from "../harness";
import { act, created, DENIED } from "../iam/delegationRequests";
import { sentToken } from "../iam/notificationChannel";

const harness = useHarness();

const redeem = (who: string, TradeInToken: string) =>
  harness().sts(who).send(new GetDelegatedAccessTokenCommand({ TradeInToken }));
const credentials = async (token: string): Promise<Credentials> => {
  const { Credentials: issued } = await redeem(PARTNER, token);
  return {
    accessKeyId: issued?.AccessKeyId ?? "",
    secretAccessKey: issued?.SecretAccessKey ?? "",
    sessionToken: issued?.SessionToken ?? "",
  };
};

it("gives credentials of the approver until the session ends, as often as asked", async () => {
  const token = await sentToken(harness());
  const Expiration = new Date(harness().clock.now().getTime() + 3_600_000);
  const first = await redeem(PARTNER, token);
  expect(first).toMatchObject({
    AssumedPrincipal: `arn:aws:iam::${CUSTOMER}:root`,
    Credentials: { AccessKeyId: expect.stringMatching(/^ASIA/), Expiration },
  });
  expect(first.PackedPolicySize).toBeUndefined();
  harness().clock.advance("59m");
  const second = await redeem(PARTNER, token);
  expect(second.Credentials?.Expiration).toEqual(Expiration);
  expect(second.Credentials?.AccessKeyId).not.toBe(first.Credentials?.AccessKeyId);
  const delegated = harness().sts(await credentials(token));
  expect(await delegated.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: CUSTOMER });
  harness().clock.advance("1m");
  expect(await failure(delegated.send(new GetCallerIdentityCommand({})))).toMatchObject({
    code: "ExpiredToken",
    status: 403,
  });
});

it("tells the end of the session in whole seconds, as STS does", async () => {
  harness().clock.set(new Date("2027-03-01T12:00:00.570Z"));
  const { Credentials: issued } = await redeem(PARTNER, await sentToken(harness()));
  expect(issued?.Expiration).toEqual(new Date("2027-03-01T13:00:00Z"));
});

it("serves the account that asked, no other", async () => {
  const token = await sentToken(harness());
  for (const who of [CUSTOMER, STRANGER]) {
    expect(await failure(redeem(who, token))).toMatchObject(DENIED);
  }
});

it("refuses a token that was never sent, without repeating it", async () => {
  const failed = await failure(redeem(PARTNER, "made-up-token"));
  expect(failed).toMatchObject({ code: "ValidationError", status: 400 });
  expect(failed.message).not.toContain("made-up-token");
});

it("gives no right to decide on delegation requests", async () => {
  const delegated = await credentials(await sentToken(harness()));
  const id = await created(harness(), ["associate"]);
  expect(await failure(act(harness(), delegated, "reject", id))).toMatchObject(DENIED);
});
