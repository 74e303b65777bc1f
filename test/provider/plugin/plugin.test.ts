import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as provproto from "@pulumi/pulumi/proto/provider_pb";
import { type PropertyMap, UNKNOWN } from "../../../src/engine/values";
import { delegationRequestLifecycle } from "../../../src/resources/iam/delegationRequest/lifecycle";
import { Empty, grpc } from "../../../src/sdk";
import { startEmulator } from "../../../src/testing";
import { AwsFixture, CUSTOMER, PARTNER, SOURCE_ARN } from "../../e2e/awsFixture";
import { openInbox } from "../../e2e/inbox";
import { served } from "../served";
import { PluginClient, secret, unfinishedOf, urnOf } from "./pluginClient";

const REQUEST = urnOf("aws-approvals:iam:DelegationRequest");
const SOURCE = urnOf("aws-approvals:mpa:IdentitySource");
const TEAM = urnOf("aws-approvals:mpa:ApprovalTeam");

const asked: PropertyMap = {
  description: "Read the bucket list",
  permissions: {
    policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
    parameters: [{ name: "prefix", type: "stringList", values: ["acme-", "other-"] }],
  },
  notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  sessionDuration: 3600,
};
const instance = { instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef", region: "us-east-1" };
const source: PropertyMap = { iamIdentityCenter: instance, tags: { team: "a" } };

let fixture: AwsFixture;
let plugin: PluginClient;
beforeEach(async () => {
  fixture = await AwsFixture.open();
  plugin = await PluginClient.open({
    now: () => fixture.clock.now(),
    sleep: async (ms) => fixture.clock.advance(ms),
  });
});
afterEach(async () => {
  await plugin.close();
  await fixture.close();
});

const settings = (): PropertyMap => ({
  region: "us-east-1",
  accessKey: secret(PARTNER),
  secretKey: secret("secret"),
  endpoints: JSON.stringify(
    ["iam", "sts", "mpa"].map((service) => ({ [service]: fixture.emulator.endpoint })),
  ),
});
const configure = () => plugin.configure(settings());

async function created(urn: string, news: PropertyMap) {
  await configure();
  const { inputs, failures } = await plugin.check(urn, {}, news);
  expect(failures).toEqual([]);
  return { inputs, ...(await plugin.create(urn, inputs)) };
}

describe("what it says of itself", () => {
  test("the schema, the version, and that it takes secrets", async () => {
    const { raw } = plugin;
    const schema = await plugin.send<provproto.GetSchemaResponse>((done) =>
      raw.getSchema(new provproto.GetSchemaRequest(), done),
    );
    expect(JSON.parse(schema.getSchema())).toMatchObject({ name: "aws-approvals" });
    const handshake = await plugin.send<provproto.ProviderHandshakeResponse>((done) =>
      raw.handshake(new provproto.ProviderHandshakeRequest(), done),
    );
    expect(handshake.getAcceptSecrets()).toBe(true);
    const response = await configure();
    expect([response.getAcceptsecrets(), response.getSupportspreview()]).toEqual([true, true]);
  });

  test("what it does not do is refused by name", async () => {
    const { raw } = plugin;
    const UNIMPLEMENTED = { code: grpc.status.UNIMPLEMENTED };
    await expect(
      plugin.send((done) => raw.parameterize(new provproto.ParameterizeRequest(), done)),
    ).rejects.toMatchObject({
      ...UNIMPLEMENTED,
      details: expect.stringContaining("does not support parameterization"),
    });
    await expect(
      plugin.send((done) => raw.construct(new provproto.ConstructRequest(), done)),
    ).rejects.toMatchObject({ ...UNIMPLEMENTED, details: expect.stringContaining("@pulumi/aws") });
    await expect(plugin.check(urnOf("aws-approvals:iam:Role"), {}, {})).rejects.toMatchObject({
      details: expect.stringContaining("unknown resource type aws-approvals:iam:Role"),
    });
  });
});

test.each(["attaches", "shakes hands"])(
  "lines go to the engine that %s, with their resource",
  async (how) => {
    const shown: string[] = [];
    const engine = new grpc.Server();
    const line = new Promise<void>((resolve) => {
      engine.addService(EngineService, {
        log: ({ request }: { request: LogRequest }, done: (error: null, answer: object) => void) => {
          shown.push(`${request.getUrn()} ${request.getMessage()}`);
          done(null, new Empty());
          resolve();
        },
      } as never);
    });
    const port = await new Promise<number>((resolve, reject) => {
      const credentials = grpc.ServerCredentials.createInsecure();
      engine.bindAsync("127.0.0.1:0", credentials, (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const address = `127.0.0.1:${port}`;
    const { raw } = plugin;
    try {
      if (how === "attaches")
        await plugin.send((done) => raw.attach(new PluginAttach().setAddress(address), done));
      else
        await plugin.send((done) =>
          raw.handshake(new provproto.ProviderHandshakeRequest().setEngineAddress(address), done),
        );
      const { id, outputs } = await created(REQUEST, asked);
      await plugin.delete(REQUEST, id, outputs);
      await line;
      expect(shown).toEqual([expect.stringMatching(`^${REQUEST} DelegationRequest it .* but not cancelled`)]);
    } finally {
      await promisify(engine.tryShutdown).call(engine);
    }
  },
);

describe("configuration", () => {
  test("credentials are secret though the program does not say so", async () => {
    const { inputs, failures } = await plugin.checkConfig({
      accessKey: "a",
      secretKey: "s",
      token: "t",
      region: "us-east-1",
    });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({
      ...{ accessKey: secret("a"), secretKey: secret("s"), token: secret("t") },
      region: "us-east-1",
    });
  });

  test("is checked by name, whether a value is JSON or not, and without repeating it", async () => {
    const wrong = { regoin: "us-east-1", allowedAccountIds: '["111122223333", "hidden"]', maxRetries: -1 };
    const { failures } = await plugin.checkConfig(wrong);
    expect(failures).toEqual([
      expect.stringMatching(/^aws-approvals:allowedAccountIds\[1\]: must be an account id/),
      expect.stringMatching(/^aws-approvals:maxRetries: must be a whole number/),
      expect.stringMatching(/^aws-approvals:regoin: is not a known key/),
    ]);
    expect(failures.join()).not.toContain("hidden");
    expect((await plugin.checkConfig({ ...settings(), accessKey: UNKNOWN })).failures).toEqual([]);
  });

  test("a change replaces nothing", async () => {
    const changed = { ...settings(), region: "eu-west-1", profile: "other" };
    expect(await plugin.diffConfig(settings(), changed)).toMatchObject({ changes: true, replaces: [] });
    expect(await plugin.diffConfig(settings(), settings())).toMatchObject({ changes: false });
  });

  test("without it, nothing is done", async () => {
    await expect(plugin.create(REQUEST, asked)).rejects.toMatchObject({
      details: expect.stringContaining("before it was configured"),
    });
  });
});

describe("check", () => {
  beforeEach(configure);

  test("adds the default tags of the configuration", async () => {
    await plugin.configure({
      ...settings(),
      defaultTags: JSON.stringify({ tags: { cost: "1", team: "all" } }),
    });
    const { inputs } = await plugin.check(SOURCE, {}, source);
    expect(inputs).toEqual({ ...source, tags: { cost: "1", team: "a" } });
  });

  test("names what is wrong, and does not repeat it", async () => {
    const { failures } = await plugin.check(
      REQUEST,
      {},
      { ...asked, sessionDuration: 10, descripton: secret("hidden") },
    );
    expect(failures).toEqual([
      expect.stringMatching(/^sessionDuration: must be a whole number of 300/),
      expect.stringMatching(/^descripton: is not a known property/),
    ]);
  });

  test("secrets and unknown values stay where they are", async () => {
    const permissions = {
      policyTemplateArn: UNKNOWN,
      parameters: [{ name: "prefix", type: "string", values: [secret("acme-")] }],
    };
    const news = { ...asked, permissions, description: secret(UNKNOWN) };
    expect(await plugin.check(REQUEST, {}, news)).toEqual({
      inputs: { ...news, state: "UNASSIGNED" },
      failures: [],
    });
  });

  test("a secret without a value is left out, as anything else without one", async () => {
    const policyTemplateArn = "arn:aws:iam:::delegation-template/example/backup";
    const permissions = { policyTemplateArn, parameters: secret(null) };
    const { inputs, failures } = await plugin.check(
      REQUEST,
      {},
      { ...asked, permissions, requestMessage: secret(null) },
    );
    expect({ inputs, failures }).toEqual({
      inputs: {
        ...asked,
        permissions: { policyTemplateArn },
        state: "UNASSIGNED",
      },
      failures: [],
    });
  });

  test("a number that stands for a text is one, as YAML writes account ids, and the other way round", async () => {
    const news = { ...asked, ownerAccountId: 222222222222, sessionDuration: "3600", onlySendByOwner: "true" };
    expect(await plugin.check(REQUEST, {}, news)).toMatchObject({
      inputs: { ownerAccountId: CUSTOMER, sessionDuration: 3600, onlySendByOwner: true },
      failures: [],
    });
  });

  test("what is known beside an unknown value is checked", async () => {
    const permissions = {
      policyTemplateArn: UNKNOWN,
      parameters: [{ name: "p", type: "string", values: [] }],
    };
    const { failures } = await plugin.check(REQUEST, {}, { ...asked, permissions });
    expect(failures).toEqual([expect.stringMatching(/^permissions\.parameters\[0\]\.name: must be 5/)]);
  });
});

describe("diff", () => {
  beforeEach(configure);
  const diffOf = async (olds: PropertyMap, news: PropertyMap, urn = REQUEST) => {
    const outputs = { ...olds, state: "UNASSIGNED", status: "ACTIVE" };
    return plugin.diff(urn, "id", { inputs: olds, outputs }, news);
  };

  test("names the innermost values that differ, and what a change of them does", async () => {
    const olds = { ...asked, state: "UNASSIGNED", redirectUrl: "https://example.com" };
    const { redirectUrl: _, ...rest } = olds;
    const permissions = {
      policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
      parameters: [
        { name: "prefix", type: "stringList", values: ["acme-", "third-", "more-"] },
        { name: "bucket", type: "string", values: ["b"] },
      ],
    };
    expect(
      await diffOf(olds, { ...rest, permissions, renewWhen: ["EXPIRED"], sessionDuration: UNKNOWN }),
    ).toEqual({
      changes: true,
      replaces: ["permissions", "redirectUrl", "sessionDuration"],
      deleteBeforeReplace: false,
      details: {
        "permissions.parameters[0].values[1]": "UPDATE_REPLACE",
        "permissions.parameters[0].values[2]": "ADD_REPLACE",
        "permissions.parameters[1]": "ADD_REPLACE",
        redirectUrl: "DELETE_REPLACE",
        renewWhen: "ADD",
        sessionDuration: "UPDATE_REPLACE",
      },
    });
  });

  test("no difference: spelt-out defaults, another order of keys, what another front has left", async () => {
    const olds = { ...asked, state: "UNASSIGNED", __provider: "text", origin: "proj/dev::it", generation: 1 };
    const news = { ...asked, state: "UNASSIGNED", onlySendByOwner: false, generation: "1" };
    expect(await diffOf(olds, news)).toMatchObject({ changes: false, details: {} });
  });

  test("tags one by one", async () => {
    const olds = { iamIdentityCenter: instance, tags: { team: "a", "cost center": "1", old: "x" } };
    const news = { iamIdentityCenter: instance, tags: { team: "b", "cost center": "2", new: "y" } };
    const { details, replaces } = await diffOf(olds, news, SOURCE);
    expect({ details, replaces }).toEqual({
      details: {
        "tags.team": "UPDATE",
        'tags["cost center"]': "UPDATE",
        "tags.old": "DELETE",
        "tags.new": "ADD",
      },
      replaces: [],
    });
  });

  test("an input that has become secret is an update, which hides it in the state", async () => {
    const { id, inputs, outputs } = await created(SOURCE, source);
    const news = { ...source, tags: { team: secret("a") } };
    const difference = await plugin.diff(SOURCE, id, { inputs, outputs }, news);
    expect(difference).toMatchObject({ changes: true, replaces: [], details: { tags: "UPDATE" } });
    const updated = await plugin.update(SOURCE, id, { inputs, outputs }, news);
    expect(updated).toMatchObject({ tags: { team: secret("a") } });
    const next = await plugin.diff(SOURCE, id, { inputs: news, outputs: updated }, news);
    expect(next).toMatchObject({ changes: false, details: {} });
  });

  test("is with what AWS has, not with what the last deployment asked for", async () => {
    const outputs = {
      ...source,
      arn: SOURCE_ARN,
      region: "us-east-1",
      status: "ACTIVE",
      tags: { team: "b" },
    };
    const difference = await plugin.diff(SOURCE, "id", { inputs: source, outputs }, source);
    expect(difference).toMatchObject({ changes: true, details: { "tags.team": "UPDATE of an output" } });
  });

  test("a renewal shows its reason; a source in ERROR, the output that is why", async () => {
    const olds = { ...asked, renewWhen: ["EXPIRED"], state: "EXPIRED" };
    const renewed = await plugin.diff(
      REQUEST,
      "id",
      { inputs: olds, outputs: olds },
      { ...olds, state: "UNASSIGNED" },
    );
    expect(renewed).toMatchObject({ replaces: ["state"], details: { state: "UPDATE_REPLACE" } });
    const failed = await plugin.diff(
      SOURCE,
      "id",
      { inputs: source, outputs: { ...source, status: "ERROR" } },
      source,
    );
    expect(failed).toMatchObject({
      replaces: ["status"],
      deleteBeforeReplace: true,
      details: { status: "UPDATE_REPLACE of an output" },
    });
  });
});

describe("previews", () => {
  test("of a create: the inputs, and what AWS will say unknown; nothing is done", async () => {
    await configure();
    const { inputs } = await plugin.check(REQUEST, {}, { ...asked, description: secret("Why") });
    const { id, outputs } = await plugin.create(REQUEST, inputs, { preview: true });
    expect(id).toBe("");
    expect(outputs).toMatchObject({
      ...inputs,
      ...{ state: "UNASSIGNED", consoleDeepLink: UNKNOWN, requestorWorkflowId: UNKNOWN },
    });
    expect(fixture.requests()).toEqual([]);
  });

  test("of an update: the state with the new inputs, and nothing is done", async () => {
    const { id, inputs, outputs } = await created(SOURCE, source);
    const news = { iamIdentityCenter: instance, tags: { team: "b" } };
    const previewed = await plugin.update(SOURCE, id, { inputs, outputs }, news, { preview: true });
    expect(previewed).toEqual({ ...outputs, tags: { team: "b" } });
    const { tags: _, ...withoutTags } = outputs;
    expect(
      await plugin.update(
        SOURCE,
        id,
        { inputs, outputs },
        { iamIdentityCenter: instance },
        { preview: true },
      ),
    ).toEqual(withoutTags);
    expect(fixture.sources()).toEqual([expect.objectContaining({ tags: { team: "a" } })]);
  });

  test("of a change that people vote on: it is not made yet, and what becomes of it is not known before", async () => {
    await configure();
    const arn = `arn:aws:mpa:us-east-1:${PARTNER}:approval-team/ops`;
    fixture.putTeam(arn);
    const { inputs, outputs } = await plugin.read(TEAM, arn);
    const preview = (news: PropertyMap) =>
      plugin.update(TEAM, arn, { inputs, outputs }, news, { preview: true });
    const unknown = Object.fromEntries(
      [
        ...["description", "lastUpdateTime", "numberOfApprovers", "pendingUpdate", "refusedUpdate"],
        ...["statusCode", "statusMessage", "updateSessionArn", "versionId"],
      ].map((name) => [name, UNKNOWN]),
    );
    const described = { ...inputs, description: "Decides about more" };
    expect(await preview(described)).toEqual({ ...outputs, ...unknown });
    expect(await plugin.update(TEAM, arn, { inputs, outputs }, described)).toMatchObject({
      description: outputs["description"],
      pendingUpdate: { description: "Decides about more" },
    });
    expect(await preview({ ...inputs, tags: { team: "a" } })).toEqual({ ...outputs, tags: { team: "a" } });
  });

  test("of an update that waits for a customer's grant: granted, as the wait fails otherwise", async () => {
    await configure();
    const urn = urnOf("aws-approvals:iam:DelegationGrant");
    const inbox = {
      tableArn: `arn:aws:dynamodb:us-east-1:${PARTNER}:table/approvals`,
      queueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/approvals",
    };
    const olds = { delegationRequestId: "0".repeat(32), inbox, granted: false };
    const { inputs } = await plugin.check(urn, olds, { ...olds, waitFor: "FINALIZED" });
    const previewed = await plugin.update(urn, "id", { inputs: olds, outputs: olds }, inputs, {
      preview: true,
    });
    expect(previewed).toEqual({ ...olds, waitFor: "FINALIZED", granted: true });
  });

  test("of an update that goes on with a creation: its status is not known before", async () => {
    const { id, inputs, outputs } = await created(SOURCE, source);
    const olds = { inputs, outputs: { ...outputs, status: "CREATING" } };
    const previewed = await plugin.update(SOURCE, id, olds, inputs, { preview: true });
    expect(previewed).toEqual({ ...outputs, status: UNKNOWN });
  });
});

describe("a resource", () => {
  test("secret inputs are secret outputs, and so is what contains them", async () => {
    const values = [secret("acme-")];
    const permissions = {
      policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
      parameters: [{ name: "prefix", type: "string", values }],
    };
    const { id, inputs, outputs } = await created(REQUEST, {
      ...asked,
      permissions,
      description: secret("Why"),
    });
    expect(outputs).toMatchObject({
      ...{ permissions, description: secret("Why") },
      permissionPolicy: secret(expect.stringContaining("acme-")),
    });
    const read = await plugin.read(REQUEST, id, { inputs, outputs });
    expect(read.outputs).toMatchObject({ permissions, permissionPolicy: outputs["permissionPolicy"] });
    expect(read.inputs).toEqual(inputs);
  });

  test("one that the state marked as secret stays so in a refresh", async () => {
    const { id, inputs, outputs } = await created(REQUEST, asked);
    const link = outputs["consoleDeepLink"] as string;
    const read = await plugin.read(REQUEST, id, {
      inputs,
      outputs: { ...outputs, consoleDeepLink: secret(link) },
    });
    expect(read.outputs["consoleDeepLink"]).toEqual(secret(link));
  });

  test("a refresh reads its inputs, too, but none that the program left out", async () => {
    const { id, inputs, outputs } = await created(REQUEST, asked);
    fixture.clock.advance("25h");
    const read = await plugin.read(REQUEST, id, { inputs, outputs });
    expect(read.inputs).toEqual({ ...asked, state: "EXPIRED" });
    expect(read.outputs).toMatchObject({
      state: "EXPIRED",
      requestorWorkflowId: outputs["requestorWorkflowId"],
    });
  });

  test("is updated, refreshed when somebody changed it, found gone and deleted", async () => {
    const { id, inputs, outputs } = await created(SOURCE, source);
    const news = { iamIdentityCenter: instance, tags: { team: "b" } };
    const updated = await plugin.update(SOURCE, id, { inputs, outputs }, news);
    expect(updated).toMatchObject({ status: "ACTIVE", tags: { team: "b" } });
    await fixture.tagSource({ team: "c" });
    const read = await plugin.read(SOURCE, id, { inputs: news, outputs: updated });
    expect(read.inputs).toEqual({ ...news, tags: { team: "c" } });
    await plugin.delete(SOURCE, id, updated);
    expect(fixture.sources()).toEqual([]);
    expect(await plugin.read(SOURCE, id, { inputs: news, outputs: updated })).toMatchObject({ id: "" });
  });

  test("that AWS created and that failed afterwards is told with its id, state and secrets", async () => {
    await configure();
    fixture.emulator.identitySourceCreation = {
      delayMs: 0,
      outcome: { statusCode: "IDC_INSTANCE_NOT_FOUND", statusMessage: "There is none." },
    };
    const error = await plugin
      .create(SOURCE, { ...source, tags: secret({ team: "a" }) })
      .catch((thrown) => thrown);
    expect(error.details).toMatch(/is ERROR \(IDC_INSTANCE_NOT_FOUND: There is none\.\), not ACTIVE/);
    expect(unfinishedOf(error)).toMatchObject({
      id: SOURCE_ARN,
      reasons: [error.details],
      properties: { arn: SOURCE_ARN, status: "ERROR" },
    });
  });

  test("takes as long as customTimeouts say", async () => {
    await configure();
    fixture.emulator.identitySourceCreation = { delayMs: 3_600_000 };
    const error = await plugin.create(SOURCE, source, { timeout: 90 }).catch((thrown) => thrown);
    expect(error.details).toContain("still CREATING after 90 s");
  });
});

test("a cancelled wait ends, and what was created is kept", async () => {
  await using aws = await startEmulator({ identitySourceCreation: { delayMs: 3_600_000 } });
  const cancelled = await PluginClient.open();
  try {
    await cancelled.configure({ ...settings(), endpoints: JSON.stringify([{ mpa: aws.endpoint }]) });
    const created = cancelled.create(SOURCE, source).catch((thrown) => thrown);
    while (aws.store.identitySources.size === 0) await setImmediate();
    await cancelled.send((done) => cancelled.raw.cancel(new Empty(), done));
    const error = await created;
    expect(error.details).toContain("the operation was cancelled");
    expect(unfinishedOf(error)).toMatchObject({ id: SOURCE_ARN, properties: { status: "CREATING" } });
  } finally {
    await cancelled.close();
  }
});

describe("import", () => {
  test("of a source: the inputs that a program would give, which are no change", async () => {
    await configure();
    await fixture.createSource(instance.instanceArn);
    await fixture.tagSource({ team: "a" });
    const read = await plugin.read(SOURCE, SOURCE_ARN);
    expect(read).toMatchObject({ id: SOURCE_ARN, inputs: source });
    const { inputs, failures } = await plugin.check(SOURCE, read.inputs, read.inputs);
    expect({ inputs, failures }).toEqual({ inputs: source, failures: [] });
    expect(await plugin.diff(SOURCE, SOURCE_ARN, read, inputs)).toMatchObject({ changes: false });
  });

  test("of a team: the inputs that a program would give, which are no change", async () => {
    await configure();
    await fixture.createSource(instance.instanceArn);
    await fixture.createTeam();
    const [arn = ""] = fixture.emulator.store.approvalTeams.keys();
    const read = await plugin.read(TEAM, arn);
    expect(read.inputs).toEqual({
      description: "Decides about restores",
      approvalStrategy: { mOfN: { minApprovalsRequired: 2 } },
      approvers: expect.arrayContaining([
        { primaryIdentityId: "alice", primaryIdentitySourceArn: SOURCE_ARN },
      ]),
      policies: [{ policyArn: expect.stringContaining("CreateRestoreAccessVault") }],
    });
    const { inputs, failures } = await plugin.check(TEAM, read.inputs, read.inputs);
    expect(failures).toEqual([]);
    expect(await plugin.diff(TEAM, arn, read, inputs)).toMatchObject({ changes: false });
  });

  test("of a source that another stack made: this stack manages it from then on", async () => {
    await created(SOURCE, source);
    const imported = await plugin.read(SOURCE, SOURCE_ARN);
    expect(imported.outputs["ownershipId"]).toEqual(expect.any(String));
    expect(await plugin.read(SOURCE, SOURCE_ARN, imported)).toEqual(imported);
    await plugin.delete(SOURCE, SOURCE_ARN, imported.outputs);
    expect(fixture.sources()).toEqual([]);
  });

  test("of a source that is not there finds none, as Pulumi asks to know whether one exists", async () => {
    await configure();
    expect(await plugin.read(SOURCE, SOURCE_ARN)).toEqual({ id: "", inputs: {}, outputs: {} });
  });

  test("of a request fails with the reason", async () => {
    await configure();
    await expect(plugin.read(REQUEST, "some-id")).rejects.toMatchObject({
      details: expect.stringContaining("AWS does not return its link again"),
    });
  });
});

test("a state that it has left is no change for the dynamic provider but an update of what that one needs", async () => {
  const dynamic = await served(delegationRequestLifecycle, fixture.emulator, fixture.clock);
  const { outputs } = await created(REQUEST, asked);
  const { inputs = {} } = await dynamic.check(outputs, { ...asked, origin: "proj/dev::it" });
  expect(await dynamic.diff("id", outputs, inputs)).toMatchObject({ changes: true, replaces: [] });
});

describe("sts.getDelegatedAccessToken", () => {
  const TOKEN = "aws-approvals:sts:getDelegatedAccessToken";

  test("gives credentials, all of them secret", async () => {
    await using aws = await startEmulator();
    const inbox = await openInbox(aws.endpoint, PARTNER);
    const endpoints = JSON.stringify([{ iam: aws.endpoint, sts: aws.endpoint }]);
    await plugin.configure({ ...settings(), endpoints });
    const { id } = await plugin.create(REQUEST, { ...asked, ownerAccountId: CUSTOMER });
    await aws.customer(CUSTOMER).approve(id);
    const { result, failures } = await plugin.invoke(TOKEN, { tradeInToken: secret(await inbox.token()) });
    await inbox.close();
    expect(failures).toEqual([]);
    expect(result).toEqual({
      credentials: secret({
        accessKeyId: expect.stringMatching(/^ASIA/),
        ...{ secretAccessKey: expect.any(String), sessionToken: expect.any(String) },
        expiration: expect.stringMatching(/Z$/),
      }),
      assumedPrincipal: secret(expect.stringContaining(CUSTOMER)),
    });
  });

  test("without a token, or with one that is none: a failure that does not repeat it", async () => {
    await configure();
    expect((await plugin.invoke(TOKEN, {})).failures).toEqual([
      expect.stringMatching(/^tradeInToken: must be a string/),
    ]);
    const error = await plugin.invoke(TOKEN, { tradeInToken: "hidden" }).catch((thrown) => thrown);
    expect(error.details).toContain("sts:GetDelegatedAccessToken");
    expect(error.details).not.toContain("hidden");
    await expect(plugin.invoke("aws-approvals:sts:getOther", {})).rejects.toMatchObject({
      details: expect.stringContaining("unknown function aws-approvals:sts:getOther"),
    });
  });
});
