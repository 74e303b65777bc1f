// Which account and region a stack's resources are in: several in one program, and what refresh and destroy use.

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { iam, mpa, Provider, type ProviderArgs, sts } from "pulumi-aws-approvals";
import { startEmulator, type TestEmulator } from "../../src/testing";
import { AwsFixture, CUSTOMER, PARTNER } from "./awsFixture";
import { engines, type Operation, type Stack, type StackSettings } from "./engines";
import { openInbox } from "./inbox";
import { integrityErrors } from "./integrity";

const EUROPE = "111111111111";
const AMERICA = "444444444444";
const EUROPES_SECRET = "the-secret-of-europe";
const BASE_SECRET = "the-secret-of-the-base";

const iamIdentityCenter = {
  instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
  region: "us-east-1",
};
const request = (account: string) => ({
  ownerAccountId: CUSTOMER,
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: `arn:aws:sns:us-east-1:${account}:approvals`,
  sessionDuration: 3600,
});

describe.each(engines)("$title", (engine) => {
  const opened: { close(): Promise<void> }[] = [];
  const closed = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.push(one);
    return one;
  };
  afterAll(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });
  let stack: Stack;
  const run = async (operation: Operation, changes: string[], secrets: string[] = []) => {
    const result = await stack.run(operation);
    expect({ errors: result.errors, changes: result.changes }).toEqual({ errors: [], changes });
    expect(integrityErrors(await stack.state(), secrets)).toEqual([]);
    return result;
  };
  const providerInState = async (name: string) =>
    (await stack.state()).resources?.find(({ urn }) => urn.endsWith(`:pulumi-nodejs::${name}`))?.inputs;

  describe("two accounts and two regions in one program", () => {
    const SECRETS = [EUROPES_SECRET, BASE_SECRET];
    const ALL = ["europe-people", "europe-request", "request", "america-people", "america-request"];
    const each = (op: string) => ALL.map((name) => `${op} ${name}`).sort();
    let [one, two]: TestEmulator[] = [];
    let more: ProviderArgs = {};
    let token: string | undefined;

    const program = () => {
      const endpointsOf = ({ endpoint }: TestEmulator) => ({ iam: endpoint, sts: endpoint, mpa: endpoint });
      const europe = new Provider("europe", {
        region: "eu-west-1",
        accessKey: EUROPE,
        secretKey: EUROPES_SECRET,
        allowedAccountIds: [EUROPE],
        endpoints: [endpointsOf(one as TestEmulator)],
        ...more,
      });
      const america = new Provider("america", {
        region: pulumi.output("us-west-2"),
        accessKey: PARTNER,
        secretKey: pulumi.secret(BASE_SECRET),
        assumeRoles: [{ roleArn: `arn:aws:iam::${AMERICA}:role/partner`, duration: "1h" }],
        endpoints: [endpointsOf(two as TestEmulator)],
      });
      class Region extends pulumi.ComponentResource {
        constructor(name: string, account: string, providers: pulumi.ProviderResource[]) {
          super("test:index:Region", name, {}, { providers });
          new mpa.IdentitySource(`${name}-people`, { iamIdentityCenter }, { parent: this });
          new iam.DelegationRequest(`${name}-request`, request(account), { parent: this });
        }
      }
      new Region("europe", EUROPE, [new aws.Provider("aws", { region: "eu-west-1" }), europe]);
      new Region("america", AMERICA, [america]);
      new iam.DelegationRequest("request", request(PARTNER));
      return token && { access: sts.getDelegatedAccessToken({ tradeInToken: token }, { provider: america }) };
    };
    /** Who called what, in which region, since the last time. */
    const seen = new Map<TestEmulator, number>();
    const callsOf = (emulator: TestEmulator | undefined) => {
      if (emulator === undefined) throw new Error("there is no emulator");
      const calls = emulator.calls.slice(seen.get(emulator) ?? 0);
      seen.set(emulator, emulator.calls.length);
      return [
        ...new Set(calls.map(({ account, region, operation }) => `${account} ${region} ${operation}`)),
      ].sort();
    };
    const accountsOf = (emulator: TestEmulator | undefined) => [
      ...new Set(callsOf(emulator).map((call) => call.split(" ").slice(0, 2).join(" "))),
    ];

    beforeAll(async () => {
      const fixture = closed(await AwsFixture.open());
      one = fixture.emulator;
      two = closed(await startEmulator());
      stack = closed(await engine.open({ program, env: fixture.env, inlineProvider: true }));
    });

    test("are previewed without a call", async () => {
      await run("preview", [...each("create"), "create america", "create europe"].sort(), SECRETS);
      expect([callsOf(one), callsOf(two)]).toEqual([[], []]);
    });

    test("are deployed, each resource with its own provider", async () => {
      await run("up", [...each("create"), "create america", "create europe"].sort(), SECRETS);
      expect(accountsOf(one)).toEqual([
        `${PARTNER} us-east-1`,
        `${EUROPE} eu-west-1`,
        `${EUROPE} us-east-1`, // Multi-party approval's region
      ]);
      expect(accountsOf(two)).toEqual([
        `${PARTNER} us-west-2`, // assumes the role
        `${AMERICA} us-east-1`,
        `${AMERICA} us-west-2`,
      ]);
      expect([...(one?.store.identitySources.keys() ?? [])]).toEqual([EUROPE]);
      expect([...(two?.store.identitySources.keys() ?? [])]).toEqual([AMERICA]);
      await run("up", [], SECRETS);
    });

    test("keep the settings in the state, and the secret ones encrypted", async () => {
      expect(await providerInState("europe")).toMatchObject({
        "aws-approvals:region": "eu-west-1",
        "aws-approvals:allowedAccountIds": `["${EUROPE}"]`,
        "aws-approvals:secretKey": { ciphertext: expect.any(String) },
      });
    });

    test("change nothing when only a setting changes", async () => {
      more = { maxRetries: 7, allowedAccountIds: [EUROPE, AMERICA] };
      await run("preview", [], SECRETS);
      await run("up", [], SECRETS);
      expect(await providerInState("europe")).toMatchObject({ "aws-approvals:maxRetries": "7" });
    });

    test("are refreshed, each where it is", async () => {
      callsOf(one);
      callsOf(two);
      two?.store.identitySources.get(AMERICA)?.tags.set("somebody", "else");
      await run("refresh", ["update america-people"], SECRETS);
      expect(accountsOf(one)).toContain(`${EUROPE} eu-west-1`);
      expect(accountsOf(two)).toEqual(
        expect.arrayContaining([`${AMERICA} us-east-1`, `${AMERICA} us-west-2`]),
      );
      await run("up", ["update america-people"], SECRETS);
    });

    test("trade a token in as the account that made the request", async () => {
      if (two === undefined) throw new Error("there is no emulator");
      const inbox = closed(await openInbox(two.endpoint, AMERICA));
      await two.customer().approve([...two.store.delegationRequests.keys()][0] as string);
      token = await inbox.token();
      callsOf(two);
      await run("up", [], [...SECRETS, token]);
      expect(callsOf(two)).toContain(`${AMERICA} us-west-2 GetDelegatedAccessToken`);
      expect(await stack.outputs()).toEqual({ access: expect.objectContaining({ secret: true }) });
    });

    test("are destroyed", async () => {
      await run("destroy", [...each("delete"), "delete america", "delete europe"].sort());
      expect((await stack.state()).resources ?? []).toEqual([]);
      expect([one?.store.identitySources.size, two?.store.identitySources.size]).toEqual([0, 0]);
    });
  });

  describe("a provider of another package", () => {
    const refused =
      /IdentitySource people: the option provider must be a Provider of pulumi-aws-approvals, and is one of aws, .*new Provider\("NAME"/;

    test("is refused, with what to give instead", async () => {
      const fixture = closed(await AwsFixture.open());
      const program = () => {
        const provider = new aws.Provider("aws", { region: "eu-west-1" });
        new mpa.IdentitySource("people", { iamIdentityCenter }, { provider });
      };
      stack = closed(await engine.open({ program, env: fixture.env, inlineProvider: true }));
      const { errors, text } = await stack.run("preview");
      expect(errors.join("\n")).toMatch(refused);
      expect(text).not.toMatch(/^\s+at .*[:(]\d+/m);
    });
  });

  describe("what refresh and destroy use", () => {
    let fixture: AwsFixture;
    const program = () => void new mpa.IdentitySource("people", { iamIdentityCenter });
    const keysOf = (account: string): NonNullable<StackSettings["config"]> => ({
      "aws:region": "us-east-1",
      "aws:accessKey": account,
      "aws:secretKey": { value: BASE_SECRET, secret: true },
    });
    const callers = () => [...new Set(fixture.emulator.calls.map(({ account }) => account))];

    test("is the configuration of the last up, which the engine keeps", async () => {
      fixture = closed(await AwsFixture.open());
      stack = closed(
        await engine.open({ program, env: fixture.env, config: keysOf(EUROPE), inlineProvider: true }),
      );
      await run("up", ["create people"], [BASE_SECRET]);
      expect(await providerInState("default")).toMatchObject({
        "aws:accessKey": EUROPE,
        "aws:secretKey": { ciphertext: expect.any(String) },
      });

      await stack.configure(keysOf(AMERICA));
      await run("refresh", [], [BASE_SECRET]);
      expect(callers()).toEqual([EUROPE]);
      await run("destroy", ["delete people"], [BASE_SECRET]);
      expect(callers()).toEqual([EUROPE]);
    });

    test("is refused where the credentials are of another account than the last up allowed", async () => {
      fixture = closed(await AwsFixture.open());
      const env = (account: string) => ({ ...fixture.env, AWS_ACCESS_KEY_ID: account });
      const config = { "aws:allowedAccountIds": JSON.stringify([EUROPE]) };
      stack = closed(await engine.open({ program, env: env(EUROPE), config, inlineProvider: true }));
      await run("up", ["create people"]);
      const before = await stack.state();

      const refused = new RegExp(`aws:allowedAccountIds: the credentials belong to account ${AMERICA}`);
      stack = closed(await engine.open({ program, env: env(AMERICA), inlineProvider: true }));
      await stack.load({ version: 3, deployment: before });
      for (const operation of ["refresh", "destroy"] as const) {
        expect((await stack.run(operation)).errors.join("\n")).toMatch(refused);
        expect((await stack.state()).resources?.map(({ urn }) => urn)).toEqual(
          before.resources?.map(({ urn }) => urn),
        );
      }
      expect(fixture.emulator.store.identitySources.size).toBe(1);
      expect(
        fixture.emulator.calls.filter(({ account }) => account === AMERICA).map(({ operation }) => operation),
      ).not.toContain("DeleteIdentitySource");
    });
  });
});
