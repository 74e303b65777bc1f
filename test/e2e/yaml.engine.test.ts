// YAML programs with the plugin, on Pulumi's own engine.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { iam, mpa } from "pulumi-aws-approvals";
import { parse, stringify } from "yaml";
import { version } from "../../package.json";
import { functions } from "../../src/functions";
import { startEmulator } from "../../src/testing";
import { packPlugin } from "../../tools/plugin";
import { leaveOut } from "../leaveOut";
import { realEngine } from "../realEngine";
import { AwsFixture, CUSTOMER, PARTNER, SECRET_KEY, SOURCE_ARN } from "./awsFixture";
import { type Operation, PROJECT, pulumi, type RealStack } from "./engines";
import { openInbox, openMailbox } from "./inbox";
import { integrityErrors } from "./integrity";

const EXAMPLE = resolve(__dirname, "../../examples/yaml");
const EXECUTABLE = resolve(__dirname, "../../bin/pulumi-resource-aws-approvals");
const TEAM_ARN = `arn:aws:mpa:us-east-1:${PARTNER}:approval-team/ops`;
const VAULT_ARN = `arn:aws:backup:us-east-1:${PARTNER}:backup-vault:air-gapped`;
const iamIdentityCenter = {
  instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
  region: "us-east-1",
};
const asked = {
  ownerAccountId: CUSTOMER,
  description: "Read the list of buckets",
  permissions: { policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup" },
  notificationChannel: `arn:aws:sns:us-east-1:${PARTNER}:approvals`,
  sessionDuration: 3600,
};
const source = (more = {}) => ({
  people: { type: "aws-approvals:mpa:IdentitySource", properties: { iamIdentityCenter, ...more } },
});
const request = (more = {}) => ({
  acme: { type: "aws-approvals:iam:DelegationRequest", properties: { ...asked, ...more } },
});

let workDir: string;
let fixture: AwsFixture;
let stack: RealStack;
/** The operations of AWS that were called, without reads. */
let effects: string[];

const write = (program: object) =>
  writeFile(join(workDir, "Pulumi.yaml"), stringify({ name: PROJECT, runtime: "yaml", ...program }));

async function open(program: object): Promise<void> {
  await write(program);
  stack = await pulumi.open({ program: { workDir }, env: fixture.env });
}

/** The program that the schema has as an example. */
const exampleOf = async (name: string) =>
  parse(await readFile(resolve(__dirname, `../../docs/examples/${name}.yaml`), "utf8"));

async function run(operation: Operation, changes: string[]) {
  const result = await stack.run(operation);
  expect({ errors: result.errors, changes: result.changes }).toEqual({ errors: [], changes });
  return result;
}

beforeEach(async () => {
  workDir = await mkdtemp(join(tmpdir(), "aws-approvals-yaml-"));
  effects = [];
  fixture = await AwsFixture.open();
  fixture.fault = ({ operation, phase }) => {
    if (phase === "after-effect" && !/^(Get|List)/.test(operation)) effects.push(operation);
    return undefined;
  };
});
afterEach(async () => {
  await stack?.close();
  await fixture.close();
  await rm(workDir, { recursive: true, force: true });
});

const hasYaml = realEngine?.runsYaml ?? false;
if (!hasYaml) leaveOut("YAML programs", "there is no pulumi-language-yaml beside the engine");

(hasYaml ? describe : describe.skip)("a YAML program", () => {
  test("goes through its life: preview, up, unchanged, update, replacement, refresh, destroy", async () => {
    await open({ resources: { ...source({ tags: { team: "a" } }), ...request() } });
    await run("preview", ["create acme", "create people"]);
    await run("up", ["create acme", "create people"]);
    for (const operation of ["preview", "up", "refresh"] as const) await run(operation, []);
    await write({
      resources: { ...source({ tags: { team: "b" } }), ...request({ renewWhen: ["EXPIRED"] }) },
    });
    await run("up", ["update acme", "update people"]);
    await write({ resources: { ...source({ tags: { team: "b" } }), ...request({ sessionDuration: 7200 }) } });
    const steps = ["create-replacement acme", "delete-replaced acme", "replace acme"];
    expect((await run("preview", steps)).replaceKeys).toEqual(["sessionDuration"]);
    await run("up", steps);
    expect(integrityErrors(await stack.state(), [SECRET_KEY])).toEqual([]);
    await run("destroy", ["delete acme", "delete people"]);
    expect(fixture.sources()).toEqual([]);
  });

  test("is written by pulumi import: what it gives previews as unchanged", async () => {
    await fixture.createSource(iamIdentityCenter.instanceArn);
    await fixture.tagSource({ team: "a" });
    effects = [];
    await open({});
    const out = join(workDir, "imported.yaml");
    const subject = ["aws-approvals:mpa:IdentitySource", "people", SOURCE_ARN];
    const { code, text } = await stack.command("import", ...subject, "--stack", "dev", "--yes", "--out", out);
    expect({ code, text }).toMatchObject({ code: 0 });
    await write(parse(await readFile(out, "utf8")));
    for (const operation of ["preview", "up", "refresh"] as const) await run(operation, []);
    expect(effects).toEqual([]);
  });

  test("cannot import a request, nor what is not there, and the reason is said", async () => {
    await open({});
    const imported = (...subject: string[]) => stack.command("import", ...subject, "--stack", "dev", "--yes");
    const request = await imported("aws-approvals:iam:DelegationRequest", "acme", "some-id");
    expect(request.text).toContain("AWS does not return its link again");
    const source = await imported("aws-approvals:mpa:IdentitySource", "people", SOURCE_ARN);
    expect(source.text).toContain(`${SOURCE_ARN} was not found`);
    expect([request.code, source.code]).not.toContain(0);
    expect((await stack.state()).resources ?? []).toEqual([]);
  });

  test("takes a stack of dynamic resources over, with no call that creates", async () => {
    const program = () => {
      new iam.DelegationRequest("acme", asked);
      new mpa.IdentitySource("people", { iamIdentityCenter });
      return {};
    };
    const before = await pulumi.open({ program, env: fixture.env });
    expect(await before.run("up")).toMatchObject({ errors: [] });
    const state = { version: 3, deployment: await before.state() } as const;
    await before.close();
    effects = [];
    await open({ resources: { ...source(), ...request() } });
    await stack.load(state);
    await run("preview", []);
    await run("up", []);
    for (const operation of ["refresh", "up"] as const) await run(operation, []);
    expect(effects).toEqual([]);
    const types = (await stack.state()).resources?.map(({ type }) => type);
    expect(types?.filter((type) => type.includes("nodejs"))).toEqual([]);
  });

  test("has its plugin by pulumi plugin install of what npm run plugin has packed", async () => {
    const packed = await mkdtemp(join(tmpdir(), "aws-approvals-pack-"));
    try {
      const archive = await packPlugin(packed);
      await open({ resources: source() });
      await stack.command("plugin", "rm", "resource", "aws-approvals", "--yes");
      const subject = ["resource", "aws-approvals", version, "--file", archive];
      const { code, text } = await stack.command("plugin", "install", ...subject);
      expect({ code, text }).toMatchObject({ code: 0 });
      await run("up", ["create people"]);
      await run("destroy", ["delete people"]);
    } finally {
      await rm(packed, { recursive: true, force: true });
    }
  });

  test("that names where the plugin is takes pulumi package add, and goes up", async () => {
    const plugins = { providers: [{ name: "aws-approvals", path: dirname(EXECUTABLE) }] };
    await open({ plugins, resources: source() });
    await stack.command("plugin", "rm", "resource", "aws-approvals", "--yes");
    const { code, text } = await stack.command("package", "add", EXECUTABLE);
    expect({ code, text }).toMatchObject({ code: 0 });
    expect(parse(await readFile(join(workDir, "Pulumi.yaml"), "utf8")).packages).toEqual({
      "aws-approvals": `aws-approvals@${version}`,
    });
    await run("up", ["create people"]);
    await run("destroy", ["delete people"]);
  });

  test.each([
    ["iam.DelegationRequest", "acme"],
    ["mpa.IdentitySource", "people"],
    ["mpa.ApprovalTeam", "restores"],
    ["backup.VaultApprovalTeam", "protection"],
    ["backup.RestoreAccessVault", "access"],
    ["paymentcryptography.TeamAssociation", "imports"],
    ["iam.DelegationGrant", "acme"],
  ])("that the schema has as an example goes up, and previews as unchanged: %s", async (name, resource) => {
    if (name === "mpa.ApprovalTeam") await fixture.createSource(iamIdentityCenter.instanceArn);
    const team = fixture.putTeam(TEAM_ARN);
    fixture.putVault(VAULT_ARN, name === "backup.RestoreAccessVault" ? team : undefined);
    const mailbox = await openMailbox(fixture.emulator.endpoint, PARTNER);
    await open(await exampleOf(name));
    await stack.configure({ teamArn: TEAM_ARN, vaultArn: VAULT_ARN, requestId: "0".repeat(32), ...mailbox });
    await run("up", [`create ${resource}`]);
    await run("preview", []);
  });

  test("calls the functions, as the schema's examples do", async () => {
    await fixture.createSource(iamIdentityCenter.instanceArn);
    fixture.putTeam(TEAM_ARN);
    const alice = {
      identityStoreId: "d-1234567890",
      userId: "1234-alice",
      userName: "alice",
      email: "a@example.com",
    };
    fixture.emulator.users.push(alice);
    await fixture.mpa("PATCH", `/approval-teams/${encodeURIComponent(TEAM_ARN)}`, { Description: "Another" });
    const [sessionArn = ""] = fixture.emulator.store.sessions.keys();
    const names = Object.keys(functions).filter((name) => name !== "getDelegatedAccessToken");
    const examples = await Promise.all(names.map((name) => exampleOf(`mpa.${name}`)));
    const all = (part: string) => Object.assign({}, ...examples.map((example) => example[part]));
    await open({ config: all("config"), variables: all("variables"), outputs: all("outputs") });
    await stack.configure({ teamArn: TEAM_ARN, sourceArn: SOURCE_ARN, sessionArn });
    await run("up", []);
    const outputs = Object.entries(await stack.outputs()).map(([name, { value }]) => [name, value]);
    const votes = ["alice", "bob", "carol"].map((identityId) =>
      expect.objectContaining({ identityId, response: "NO_RESPONSE" }),
    );
    expect(Object.fromEntries(outputs)).toEqual({
      aliceId: alice.userId,
      teamStatus: "ACTIVE",
      teams: [expect.objectContaining({ arn: TEAM_ARN, numberOfApprovers: 3 })],
      portal: expect.stringMatching(/^http/),
      sources: [expect.objectContaining({ arn: SOURCE_ARN, iamIdentityCenter })],
      votes,
      pending: [expect.objectContaining({ sessionArn, status: "PENDING" })],
      policies: [expect.objectContaining({ name: "CreateRestoreAccessVault" })],
    });
  });

  test("calls a function with what a preview does not know yet, and the up knows it", async () => {
    const arguments_ = { arn: `\${people.arn}` };
    const found = {
      "fn::invoke": { function: "aws-approvals:mpa:getIdentitySource", arguments: arguments_ },
    };
    await open({ resources: source(), variables: { found }, outputs: { status: `\${found.status}` } });
    await run("preview", ["create people"]);
    await run("up", ["create people"]);
    expect(await stack.outputs()).toEqual({ status: { value: "ACTIVE", secret: false } });
  });

  test("trades a token in, and keeps what it gets as a secret", async () => {
    await using aws = await startEmulator();
    const inbox = await openInbox(aws.endpoint, PARTNER);
    const env = { ...fixture.env, AWS_ENDPOINT_URL: aws.endpoint };
    await write({ resources: request(), outputs: { id: `\${acme.id}` } });
    stack = await pulumi.open({ program: { workDir }, env });
    await run("up", ["create acme"]);
    await aws.customer(CUSTOMER).approve((await stack.outputs())["id"]?.value as string);
    await stack.command("config", "set", "--secret", "token", await inbox.token(), "--stack", "dev");
    await inbox.close();
    const example = await exampleOf("sts.getDelegatedAccessToken");
    await write({ ...example, resources: request() });
    await run("up", []);
    expect(await stack.outputs()).toEqual({ until: { value: expect.stringMatching(/Z$/), secret: true } });
  });

  test("of examples/yaml: up and destroy", async () => {
    const example = parse(await readFile(join(EXAMPLE, "Pulumi.yaml"), "utf8"));
    for (const plugin of example.plugins.providers) plugin.path = resolve(EXAMPLE, plugin.path);
    await open({ ...example, name: PROJECT });
    await run("up", ["create backup-setup", "create people"]);
    const { approvalPortalUrl, consoleDeepLink, state } = await stack.outputs();
    expect([approvalPortalUrl, consoleDeepLink, state].map((output) => output?.value)).toEqual([
      ...[expect.stringContaining("http"), expect.stringContaining("http"), "UNASSIGNED"],
    ]);
    await run("destroy", ["delete backup-setup", "delete people"]);
  });
});
