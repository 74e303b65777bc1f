// What only the plugin can, on Pulumi's own engine: imports, secrets, several providers, moving over.

import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { secret } from "@pulumi/pulumi";
import { iam as dynamicIam, mpa as dynamicMpa } from "pulumi-aws-approvals";
import { iam, mpa, Provider } from "pulumi-aws-approvals/plugin";
import { version } from "../../package.json";
import { nameForPlatforms, packPlugin } from "../../tools/plugin";
import { AwsFixture, CUSTOMER, PARTNER, SECRET_KEY, SOURCE_ARN } from "./awsFixture";
import { type Operation, pulumi, type RealStack } from "./engines";
import { integrityErrors } from "./integrity";

const OTHER = "333333333333";
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

let fixture: AwsFixture;
let stack: RealStack;
/** The program of the next operation. */
let program: () => unknown;
/** The operations of AWS that were called, without reads. */
let effects: string[];

async function open(config = {}): Promise<void> {
  stack = await pulumi.open({ program: () => ({ ...(program() as object) }), env: fixture.env, config });
}

async function run(operation: Operation, changes: string[]) {
  const result = await stack.run(operation);
  expect({ errors: result.errors, changes: result.changes }).toEqual({ errors: [], changes });
  return result;
}

const providerSettings = (account: string) => ({
  region: "us-east-1",
  accessKey: account,
  secretKey: SECRET_KEY,
  endpoints: [
    { iam: fixture.emulator.endpoint, sts: fixture.emulator.endpoint, mpa: fixture.emulator.endpoint },
  ],
});

beforeEach(async () => {
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
});

test("the option import takes a source over, and a refresh finds it", async () => {
  await fixture.createSource(iamIdentityCenter.instanceArn);
  program = () => ({
    arn: new mpa.IdentitySource("people", { iamIdentityCenter }, { import: SOURCE_ARN }).arn,
  });
  await open();
  await run("up", ["import people"]);
  for (const operation of ["preview", "refresh", "up"] as const) await run(operation, []);
});

test("a get reads a source that another stack made; a refresh finds it again, and nothing is changed", async () => {
  program = () => void new mpa.IdentitySource("people", { iamIdentityCenter, tags: { team: "a" } });
  await open();
  await run("up", ["create people"]);
  const first = stack;
  effects = [];
  program = () => ({ tags: mpa.IdentitySource.get("theirs", SOURCE_ARN).tags });
  await open();
  await run("up", ["read theirs"]);
  await run("refresh", []);
  expect((await stack.outputs())["tags"]).toEqual({ value: { team: "a" }, secret: false });
  await run("destroy", ["discard theirs"]);
  expect(effects).toEqual([]);
  await first.close();
});

test("secret inputs, and outputs that contain them, are encrypted in the state", async () => {
  const permissions = {
    ...asked.permissions,
    parameters: [{ name: "prefix", type: "string" as const, values: [secret("hidden-1")] }],
  };
  const args = { ...asked, ownerAccountId: undefined, permissions, description: secret("hidden-2") };
  const options = { additionalSecretOutputs: ["consoleDeepLink"] };
  program = () => {
    const it = new iam.DelegationRequest("it", args, options);
    return { policy: it.permissionPolicy };
  };
  await open();
  await run("up", ["create it"]);
  await run("refresh", []);
  await run("preview", []);
  const link = `delegation-requests/${fixture.requests()[0]?.id}`;
  expect(integrityErrors(await stack.state(), ["hidden-1", "hidden-2", link])).toEqual([]);
  expect((await stack.outputs())["policy"]).toEqual({
    value: expect.stringContaining("hidden-1"),
    secret: true,
  });
});

describe("providers", () => {
  test("several in one program, each with its account", async () => {
    program = () => {
      for (const account of [PARTNER, OTHER]) {
        const provider = new Provider(`in-${account}`, providerSettings(account));
        new mpa.IdentitySource(`of-${account}`, { iamIdentityCenter }, { provider });
      }
    };
    await open();
    await run("up", [`create of-${PARTNER}`, `create of-${OTHER}`]);
    for (const account of [PARTNER, OTHER])
      expect(await fixture.identitySources(account)).toMatchObject([{ status: "ACTIVE" }]);
    expect(integrityErrors(await stack.state(), [SECRET_KEY])).toEqual([]);
    await run("refresh", []);
    await run("destroy", [`delete of-${PARTNER}`, `delete of-${OTHER}`]);
  });

  test("a change of their settings replaces no request", async () => {
    let more = {};
    program = () => {
      const provider = new Provider("customer", { ...providerSettings(PARTNER), ...more });
      new iam.DelegationRequest("it", asked, { provider });
    };
    await open();
    await run("up", ["create it"]);
    more = { region: "eu-west-1", maxRetries: 1 };
    await run("preview", []);
    await run("up", []);
    expect(effects).toEqual(["CreateDelegationRequest"]);
  });

  test("a function asks with the given one, and its list is unknown while the provider's arguments are", async () => {
    program = () => {
      const people = new mpa.IdentitySource("people", { iamIdentityCenter });
      const region = people.arn.apply(() => "us-east-1");
      const settings = { ...providerSettings(PARTNER), region };
      const provider = new Provider("later", settings, { dependsOn: people });
      const sources = mpa.getIdentitySources({}, { provider });
      const policies = mpa.listPolicies({}, { provider: new Provider("now", providerSettings(PARTNER)) });
      return {
        sources: sources.apply((all) => all.map(({ status }) => status)),
        policies: policies.apply((all) => all.map(({ name }) => name)),
      };
    };
    await open();
    await run("preview", ["create people"]);
    await run("up", ["create people"]);
    expect(await stack.outputs()).toEqual({
      sources: { value: ["ACTIVE"], secret: false },
      policies: { value: ["CreateRestoreAccessVault"], secret: false },
    });
  });

  test("what is wrong with their settings is said by name, and nothing is done", async () => {
    program = () => {
      const provider = new Provider("customer", { ...providerSettings(PARTNER), maxRetries: -1 });
      new iam.DelegationRequest("it", asked, { provider });
    };
    await open();
    const { errors } = await stack.run("up");
    expect(errors).toEqual([expect.stringContaining("maxRetries: must be a whole number")]);
    expect(effects).toEqual([]);
  });

  test("the stack's configuration is that of the default one; aws:* it does not see, and that is said", async () => {
    const notificationChannel = `arn:aws:sns:us-east-1:${OTHER}:approvals`;
    program = () => void new iam.DelegationRequest("it", { ...asked, notificationChannel });
    const { endpoints, ...settings } = providerSettings(OTHER);
    const config = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`aws-approvals:${name}`, value]),
    );
    await open({ ...config, "aws-approvals:endpoints": JSON.stringify(endpoints), "aws:profile": "other" });
    const { errors } = await stack.run("preview");
    expect(errors.join()).toContain(
      "Pulumi does not pass aws:profile to this plugin. Set aws-approvals:profile too",
    );
    const declare = program;
    program = () => void mpa.listPolicies();
    expect((await stack.run("preview")).errors.join()).toContain(
      "aws-approvals:mpa:listPolicies: Pulumi does not pass aws:profile to this plugin",
    );
    program = declare;
    await stack.command("config", "rm", "aws:profile", "--stack", "dev");
    await run("up", ["create it"]);
    expect(fixture.requests()).toMatchObject([{ requestorId: OTHER }]);
  });
});

describe("moving over", () => {
  test.each([100])(
    "%i dynamic requests and a source become resources of the plugin, and dynamic ones again",
    async (count) => {
      const names = Array.from({ length: count }, (_, index) => `request-${index}`);
      const declareWith =
        (
          front: {
            iam: Pick<typeof dynamicIam, "DelegationRequest">;
            mpa: Pick<typeof dynamicMpa, "IdentitySource">;
          },
          aliases: (type: string) => string[],
        ) =>
        () => {
          for (const name of names)
            new front.iam.DelegationRequest(name, asked, {
              aliases: aliases("iam:DelegationRequest").map((type) => ({ type })),
            });
          new front.mpa.IdentitySource(
            "people",
            { iamIdentityCenter, tags: { team: "a" } },
            { aliases: aliases("mpa:IdentitySource").map((type) => ({ type })) },
          );
        };
      const dynamic = { iam: dynamicIam, mpa: dynamicMpa };
      program = declareWith(dynamic, () => []);
      await open();
      await run("up", [...names, "people"].map((name) => `create ${name}`).sort());
      const ids = fixture.requests().map(({ id }) => id);
      effects = [];

      program = declareWith({ iam, mpa }, () => []);
      await run("preview", []);
      await run("up", []);
      for (const operation of ["refresh", "up", "preview"] as const) await run(operation, []);
      const types = (await stack.state()).resources?.map(({ type }) => type);
      expect(types?.filter((type) => type.includes("nodejs"))).toEqual([]);
      expect(integrityErrors(await stack.state(), [SECRET_KEY])).toEqual([]);

      program = declareWith(dynamic, (type) => [`aws-approvals:${type}`]);
      const back = [...names, "people"].map((name) => `update ${name}`).sort();
      await run("preview", back);
      await run("up", back);
      for (const operation of ["refresh", "up", "preview"] as const) await run(operation, []);
      expect(effects.filter((operation) => operation.startsWith("Create"))).toEqual([]);
      expect(fixture.requests().map(({ id }) => id)).toEqual(ids);
      await run("destroy", [...names, "people"].map((name) => `delete ${name}`).sort());
      expect(fixture.sources()).toEqual([]);
    },
  );
});

test("the engine takes the schema as it is", async () => {
  program = () => {};
  await open();
  const check = await stack.command("schema", "check", resolve(__dirname, "../../schema.json"));
  expect(check).toEqual({ code: 0, text: "" });
  const { code, text } = await stack.command("package", "get-schema", "aws-approvals");
  expect({ code, text: text.slice(0, 500) }).toMatchObject({ code: 0 });
  expect(JSON.parse(text)).toMatchObject({ name: "aws-approvals" });
});

test("pulumi do lists what the account has", async () => {
  await fixture.createSource(iamIdentityCenter.instanceArn);
  program = () => {};
  await open();
  const subject = ["aws-approvals:mpa:IdentitySource", "list", "--output", "json"];
  const { code, text } = await stack.command("do", ...subject);
  expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining(SOURCE_ARN) });
});

test("where the plugin is missing, Pulumi downloads it from the releases of the repository, by the platform's name", async () => {
  const releases = await mkdtemp(join(tmpdir(), "aws-approvals-releases-"));
  const asked: string[] = [];
  const server = createServer(async ({ url = "" }, response) => {
    asked.push(url);
    response.end(await readFile(join(releases, basename(url))));
  }).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    await nameForPlatforms(await packPlugin(releases));
    const { port } = server.address() as AddressInfo;
    const from = "^github://api.github.com/pulumi-aws-approvals/pulumi-aws-approvals$";
    program = () => void new mpa.IdentitySource("people", { iamIdentityCenter });
    stack = await pulumi.open({
      program,
      env: { ...fixture.env, PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES: `${from}=http://127.0.0.1:${port}` },
    });
    await stack.command("plugin", "rm", "resource", "aws-approvals", "--yes");
    await run("up", ["create people"]);
    const system = process.platform === "win32" ? "windows" : process.platform;
    const architecture = process.arch === "x64" ? "amd64" : process.arch;
    expect(asked).toEqual([`/pulumi-resource-aws-approvals-v${version}-${system}-${architecture}.tar.gz`]);
  } finally {
    server.close();
    await rm(releases, { recursive: true, force: true });
  }
});
