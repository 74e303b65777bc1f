import { ListDelegationRequestsCommand } from "@aws-sdk/client-iam";
import { ListTopicsCommand } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, GetDelegatedAccessTokenCommand } from "@aws-sdk/client-sts";
import {
  ADMINISTRATOR,
  type Credentials,
  CUSTOMER,
  failure,
  PARTNER,
  STRANGER,
  signed,
  useHarness,
} from "../harness";
import { act, created, DENIED, get, type Step, UNKNOWN } from "../iam/delegationRequests";
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

describe("once the access is revoked", () => {
  it("refuses the token and its credentials to every service, and those of no other access", async () => {
    const { emulator, sts, iam, sns } = harness();
    const tokens = [
      await sentToken(harness(), [], ADMINISTRATOR),
      await sentToken(harness(), [], ADMINISTRATOR),
    ];
    const [revoked, kept] = [await credentials(tokens[0] ?? ""), await credentials(tokens[1] ?? "")];
    const [id = ""] = [...emulator.store.delegationRequests.keys()].slice(-2);
    emulator.revokeAccess(id, CUSTOMER);
    expect(await failure(redeem(PARTNER, tokens[0] ?? ""))).toMatchObject(DENIED);
    const calls = (who: Credentials) => [
      sts(who).send(new GetCallerIdentityCommand({})),
      iam(who).send(new ListDelegationRequestsCommand({})),
      sns(who).send(new ListTopicsCommand({})),
    ];
    for (const call of calls(revoked)) {
      const refused = await failure(call);
      expect(refused.status).toBe(403);
      expect(refused.message).toContain("was revoked");
    }
    const json = await fetch(`${emulator.endpoint}/identity-sources/?List=`, {
      method: "POST",
      headers: { ...signed("mpa", revoked), "x-amz-security-token": revoked.sessionToken ?? "" },
    });
    expect([json.status, json.headers.get("x-amzn-errortype")]).toEqual([403, "AccessDeniedException"]);
    await expect(Promise.all(calls(kept))).resolves.toHaveLength(3);
    await expect(redeem(PARTNER, tokens[1] ?? "")).resolves.toBeDefined();
  });

  it("leaves the request FINALIZED, and tells the partner nothing", async () => {
    const { emulator } = harness();
    await sentToken(harness(), [], ADMINISTRATOR);
    const [id = ""] = [...emulator.store.delegationRequests.keys()].slice(-1);
    emulator.revokeAccess(id, CUSTOMER);
    expect(await get(harness(), ADMINISTRATOR, id)).toMatchObject({ State: "FINALIZED" });
  });

  it.each<[string, Step[], string, string, string | undefined]>([
    ["that was not given", ["associate", "accept"], ADMINISTRATOR, CUSTOMER, "InvalidInput"],
    ["that the root user approved", ["associate", "accept", "send"], CUSTOMER, CUSTOMER, "InvalidInput"],
    ["of another account", ["associate", "accept", "send"], ADMINISTRATOR, STRANGER, "AccessDenied"],
  ])("is not done to access %s", async (_name, steps, who, by, code) => {
    const id = await created(harness());
    for (const step of steps) await act(harness(), who, step, id);
    expect(() => harness().emulator.revokeAccess(id, by)).toThrow(expect.objectContaining({ code }));
  });

  it("is not done to access that has ended, or to none", async () => {
    const { emulator, clock } = harness();
    const id = await created(harness());
    for (const step of ["associate", "accept", "send"] as const)
      await act(harness(), ADMINISTRATOR, step, id);
    clock.advance("1h");
    const refused = expect.objectContaining({
      code: "InvalidInput",
      message: expect.stringContaining("has ended"),
    });
    expect(() => emulator.revokeAccess(id, CUSTOMER)).toThrow(refused);
    expect(() => emulator.revokeAccess(UNKNOWN, CUSTOMER)).toThrow(
      expect.objectContaining({ code: "NoSuchEntity" }),
    );
  });
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
