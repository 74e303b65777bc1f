import * as pulumi from "@pulumi/pulumi";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { mpa } from "../../src";
import { AwsClients } from "../../src/aws/clients";
import { readConfiguration } from "../../src/aws/configuration";
import { type PropertyMap, UNKNOWN } from "../../src/engine/values";
import { functions } from "../../src/functions";
import { findApprover } from "../../src/functions/mpa/findApprover";
import { grpc } from "../../src/sdk";
import { arnOf, CUSTOMER, INSTANCE_ARN, useHarness } from "../emulator/harness";
import { activeTeam, createTeam, POLICY, startUpdate, vote } from "../emulator/mpa/approvalTeams";
import { created } from "../emulator/mpa/identitySources";
import { PluginClient } from "../provider/plugin/pluginClient";

const STORE = "d-1234567890";
const alice = {
  identityStoreId: STORE,
  userId: "1234567890-11111111-2222-3333-4444-555555555555",
  userName: "alice",
  email: "alice@example.com",
};

const harness = useHarness({ users: [alice] });

const accountConfiguration = (account: string) => ({
  "aws-approvals:accessKey": account,
  "aws-approvals:secretKey": "secret",
  "aws-approvals:region": "eu-west-1",
  "aws-approvals:maxRetries": "1",
  "aws-approvals:endpoints": JSON.stringify([
    Object.fromEntries(
      ["mpa", "identitystore", "sts"].map((service) => [service, harness().emulator.endpoint]),
    ),
  ]),
});

/** What a program gets that runs as the account. */
async function ask<T>(
  account: string,
  what: () => pulumi.Output<T>,
): Promise<{ value: T; isSecret: boolean }> {
  pulumi.runtime.setAllConfig(accountConfiguration(account));
  const output = what();
  const value = await new Promise<T>((resolve, reject) => {
    // An output that fails has no other way to tell.
    const { promise } = output as unknown as { promise(): Promise<T> };
    promise.call(output).then(resolve, reject);
  });
  return { value, isSecret: await pulumi.isSecret(output) };
}

const answerTo = async <T>(account: string, what: () => pulumi.Output<T>) => (await ask(account, what)).value;

test("listPolicies has the ARNs that a team takes", async () => {
  expect(await answerTo(CUSTOMER, () => mpa.listPolicies())).toEqual([
    {
      arn: POLICY,
      name: "CreateRestoreAccessVault",
      policyType: "AWS_MANAGED",
      defaultVersion: 1,
      defaultArn: `${POLICY}/$DEFAULT`,
      versions: [
        {
          arn: `${POLICY}/1`,
          versionId: 1,
          isDefault: true,
          status: "ATTACHABLE",
          creationTime: expect.stringMatching(/^\d{4}-.*Z$/),
          lastUpdatedTime: expect.stringMatching(/^\d{4}-.*Z$/),
        },
      ],
    },
  ]);
});

test("an identity source by its ARN, and those of the account", async () => {
  const account = await created(harness());
  harness().clock.advance("1s");
  const source = await answerTo(account, () => mpa.getIdentitySource({ arn: arnOf(account) }));
  expect(source).toEqual({
    arn: arnOf(account),
    identitySourceType: "IAM_IDENTITY_CENTER",
    status: "ACTIVE",
    creationTime: expect.any(String),
    iamIdentityCenter: { instanceArn: INSTANCE_ARN, region: "eu-central-1" },
    approvalPortalUrl: expect.stringMatching(/^http/),
  });
  expect(await answerTo(account, () => mpa.getIdentitySources())).toEqual([source]);
  expect(await answerTo(CUSTOMER, () => mpa.getIdentitySources())).toEqual([]);
});

test("a session with its votes, and the sessions of a team by a filter", async () => {
  const team = await activeTeam(harness());
  const sessionArn = await startUpdate(harness(), team);
  vote(harness(), sessionArn, "APPROVED", "alice");
  const session = await answerTo(team.account, () => mpa.getSession({ sessionArn }));
  expect(session).toMatchObject({
    sessionArn,
    approvalTeamArn: team.arn,
    actionName: "mpa:UpdateApprovalTeam",
    status: "PENDING",
    numberOfApprovers: 3,
    approvalStrategy: { mOfN: { minApprovalsRequired: 2 } },
    initiationTime: harness().clock.now().toISOString(),
  });
  expect(session.approverResponses.map(({ identityId, response }) => [identityId, response])).toEqual([
    ["alice", "APPROVED"],
    ["bob", "NO_RESPONSE"],
    ["carol", "NO_RESPONSE"],
  ]);
  const sessionsThatAre = (value: string) =>
    answerTo(team.account, () =>
      mpa.listSessions({
        approvalTeamArn: pulumi.output(team.arn),
        filters: [{ fieldName: "SessionStatus", operator: "EQ", value }],
      }),
    );
  expect((await sessionsThatAre("PENDING")).map((one) => one.sessionArn)).toEqual([sessionArn]);
  expect(await sessionsThatAre("APPROVED")).toEqual([]);
});

test("lists have all their pages", async () => {
  const team = await activeTeam(harness());
  for (let count = 0; count < 21; count++) {
    const session = await startUpdate(harness(), team);
    vote(harness(), session, "REJECTED", "alice", "bob");
  }
  const sessions = await answerTo(team.account, () => mpa.listSessions({ approvalTeamArn: team.arn }));
  expect(sessions).toHaveLength(21);
});

test("getApprovalTeam and getApprovalTeams tell of teams, and what is pending", async () => {
  const team = await activeTeam(harness());
  const sessionArn = await startUpdate(harness(), team);
  const found = await answerTo(team.account, () => mpa.getApprovalTeam({ arn: team.arn }));
  expect(found).toMatchObject({
    arn: team.arn,
    name: "ops",
    status: "ACTIVE",
    statusCode: "UPDATE_PENDING_APPROVAL",
    updateSessionArn: sessionArn,
    description: "Decides about restores",
    approvalStrategy: { mOfN: { minApprovalsRequired: 2 } },
    policies: [{ policyArn: `${POLICY}/$DEFAULT` }],
    approvers: [{ primaryIdentityId: "alice", primaryIdentityStatus: "ACCEPTED" }, {}, {}],
    pendingUpdate: { description: "Decides about all of it" },
  });
  const { arn, name, status, statusCode, description, approvalStrategy, numberOfApprovers, creationTime } =
    found;
  expect(await answerTo(team.account, () => mpa.getApprovalTeams())).toEqual([
    { arn, name, status, statusCode, description, approvalStrategy, numberOfApprovers, creationTime },
  ]);
});

describe("approver", () => {
  const found = (account: string) => ({
    primaryIdentityId: alice.userId,
    primaryIdentitySourceArn: arnOf(account),
  });

  test("finds a person by user name or e-mail address, in the region of IAM Identity Center", async () => {
    const account = await created(harness());
    const by = (person: { userName: string } | { email: string }) =>
      answerTo(account, () => mpa.approver({ ...person, identityStoreId: STORE }));
    expect(await by({ userName: "alice" })).toEqual(found(account));
    expect(await by({ email: "alice@example.com" })).toEqual(found(account));
    expect(harness().emulator.calls.at(-1)).toMatchObject({ operation: "GetUserId", region: "eu-central-1" });
  });

  test("asks for no identity source that the program names, with a region", async () => {
    const before = harness().emulator.calls.length;
    const args = { userName: "alice", identityStoreId: STORE, identitySourceArn: arnOf(CUSTOMER) };
    expect(await answerTo(CUSTOMER, () => mpa.approver({ ...args, region: "eu-north-1" }))).toEqual(
      found(CUSTOMER),
    );
    const calls = harness().emulator.calls.slice(before);
    expect(calls).toMatchObject([{ operation: "GetUserId", region: "eu-north-1" }]);
  });

  test("a person who is not there, and an account without a source, are errors that do not repeat the person", async () => {
    const account = await created(harness());
    const identityStoreId = STORE;
    const finding = (caller: string, person: { userName: string } | { email: string }) =>
      findApprover(
        { ...person, identityStoreId },
        new AwsClients(readConfiguration(accountConfiguration(caller))),
      );
    await expect(finding(account, { email: "mallory@example.com" })).rejects.toThrow(
      /^identitystore:GetUserId for mpa.approver: ResourceNotFound: USER not found\. The identity store has no user with this email/,
    );
    await expect(finding(CUSTOMER, { userName: "x" })).rejects.toThrow(
      /^mpa.approver: the account has no identity source/,
    );
    expect(() => mpa.approver({ identityStoreId })).toThrow("specify either userName or email");
  });

  test("is as secret as its arguments", async () => {
    const account = await created(harness());
    const of = (userName: pulumi.Input<string>) =>
      ask(account, () => mpa.approver({ userName, identityStoreId: STORE }));
    expect((await of(pulumi.secret("alice"))).isSecret).toBe(true);
    expect((await of("alice")).isSecret).toBe(false);
  });
});

describe("the plugin", () => {
  let plugin: PluginClient;
  beforeEach(async () => {
    plugin = await PluginClient.open();
  });
  afterEach(() => plugin.close());

  const configureFor = (account: string) =>
    plugin.configure(
      Object.fromEntries(
        Object.entries(accountConfiguration(account)).map(([key, value]) => [
          key.replace("aws-approvals:", ""),
          value,
        ]),
      ),
    );

  test("answers the same, with lists by name", async () => {
    const team = await activeTeam(harness());
    const sessionArn = await startUpdate(harness(), team);
    await configureFor(team.account);
    const person = { userName: "alice", identityStoreId: STORE };
    const source = { arn: arnOf(team.account) };
    const sessions = {
      approvalTeamArn: team.arn,
      filters: [{ fieldName: "SessionStatus" as const, operator: "EQ" as const, value: "PENDING" }],
    };
    const both: [string, PropertyMap, string | undefined, () => pulumi.Output<unknown>][] = [
      ["approver", person, undefined, () => mpa.approver(person)],
      ["getIdentitySource", source, undefined, () => mpa.getIdentitySource(source)],
      ["getIdentitySources", {}, "identitySources", () => mpa.getIdentitySources()],
      ["getApprovalTeam", { arn: team.arn }, undefined, () => mpa.getApprovalTeam({ arn: team.arn })],
      ["getApprovalTeams", {}, "approvalTeams", () => mpa.getApprovalTeams()],
      ["getSession", { sessionArn }, undefined, () => mpa.getSession({ sessionArn })],
      ["listSessions", sessions, "sessions", () => mpa.listSessions(sessions)],
      ["listPolicies", {}, "policies", () => mpa.listPolicies()],
    ];
    expect(both.map(([name]) => name).sort()).toEqual(
      Object.keys(functions)
        .filter((name) => name !== "getDelegatedAccessToken")
        .sort(),
    );
    for (const [name, args, list, ask] of both) {
      const { result, failures } = await plugin.invoke(`aws-approvals:mpa:${name}`, args);
      expect(failures).toEqual([]);
      const answer = await answerTo(team.account, ask);
      expect(answer).not.toEqual([]);
      expect([name, result]).toEqual([name, list ? { [list]: answer } : answer]);
    }
  });

  test("says by name what is wrong with arguments, and asks AWS nothing", async () => {
    await configureFor(CUSTOMER);
    const before = harness().emulator.calls.length;
    const filters = [{ fieldName: "Colour", operator: "EQ", value: "red" }];
    const { failures } = await plugin.invoke("aws-approvals:mpa:listSessions", { filters });
    expect(failures).toEqual([
      expect.stringMatching(/^approvalTeamArn: must be a string/),
      expect.stringMatching(/^filters\[0\]\.fieldName: must be one of "ActionName"/),
    ]);
    const neither = plugin.invoke("aws-approvals:mpa:approver", { identityStoreId: STORE });
    await expect(neither).rejects.toMatchObject({
      details: expect.stringContaining("specify either userName or email"),
    });
    expect(harness().emulator.calls).toHaveLength(before);
  });

  test("leaves the result empty while an argument is unknown, and asks AWS nothing", async () => {
    await configureFor(CUSTOMER);
    const before = harness().emulator.calls.length;
    const filters = [{ fieldName: "Vote", operator: "EQ", value: UNKNOWN }];
    const unknown: [string, PropertyMap][] = [
      ["getSession", { sessionArn: UNKNOWN }],
      ["listSessions", { approvalTeamArn: "arn", filters }],
    ];
    for (const [name, args] of unknown)
      expect(await plugin.invoke(`aws-approvals:mpa:${name}`, args)).toEqual({ result: {}, failures: [] });
    expect(harness().emulator.calls).toHaveLength(before);
  });

  // test/consumer/sdkRange.test.ts runs this on the lowest SDK, which knows no List: the server then says so by itself.
  ("ListRequest" in proto ? test : test.skip)(
    "lists what the account has, by the ids that an import takes",
    async () => {
      const { account, arn } = await activeTeam(harness());
      await configureFor(account);
      const [team, source] = ["aws-approvals:mpa:ApprovalTeam", "aws-approvals:mpa:IdentitySource"] as const;
      expect(await plugin.list(team)).toEqual([[arn, "ops"]]);
      expect(await plugin.list(source)).toEqual([[arnOf(account), ""]]);
      expect(await plugin.list(team, { region: UNKNOWN })).toBe("unknown");
      for (const name of ["a", "b"]) await createTeam(harness(), account, { Name: name });
      expect(await plugin.list(team)).toHaveLength(3);
      expect(await plugin.list(team, {}, 2)).toHaveLength(2);
      await expect(plugin.list(team, { colour: "red" })).rejects.toMatchObject({
        details: "colour: is not a known property. Known properties: region",
      });
      await expect(plugin.list("aws-approvals:iam:DelegationRequest")).rejects.toMatchObject({
        code: grpc.status.UNIMPLEMENTED,
        details: "aws-approvals:iam:DelegationRequest cannot be listed; IdentitySource, ApprovalTeam can.",
      });
    },
  );
});
