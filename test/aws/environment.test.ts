import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { AwsClients } from "../../src/aws/clients";
import { readConfiguration } from "../../src/aws/configuration";
import { withEnvironment } from "../../src/aws/environment";
import { clientsFor } from "../../src/cli/aws";
import { RecordingServer } from "./mpa/recordingServer";
import { precedenceCases } from "./precedenceCases";
import { startSeeingAws } from "./seeingAws";

type SeeingAws = Awaited<ReturnType<typeof startSeeingAws>>;
const aws = {} as Record<"a" | "b", SeeingAws>;
let folder: string;
const environment = { ...process.env };

const dropAwsVariables = () => {
  for (const name of Object.keys(process.env))
    if (name.startsWith("AWS_") && !name.startsWith("AWS_SDK_")) delete process.env[name];
};

beforeAll(async () => {
  [aws.a, aws.b] = await Promise.all([startSeeingAws(), startSeeingAws()]);
});
afterAll(async () => {
  await aws.a[Symbol.asyncDispose]();
  await aws.b[Symbol.asyncDispose]();
});
beforeEach(() => {
  // The AWS SDK keeps what it has read of a file, so each test has files of its own.
  folder = mkdtempSync(join(tmpdir(), "aws-environment-"));
  for (const { calls } of [aws.a, aws.b]) calls.length = 0;
  dropAwsVariables();
  Object.assign(process.env, {
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
  });
});
afterEach(() => {
  dropAwsVariables();
  Object.assign(process.env, environment);
  rmSync(folder, { recursive: true });
});

/** Writes a text with the URLs that its placeholders stand for. */
const write = (name: string, text: string) => writeFileSync(join(folder, name), fill(text));
const fill = (text: string) =>
  text.replaceAll("{a}", aws.a.url).replaceAll("{b}", aws.b.url).replaceAll("{token}", join(folder, "token"));
const setEnvironment = (env: Record<string, string> = {}) => {
  for (const [name, value] of Object.entries(env)) process.env[name] = fill(value);
};

/** Where a call went, in which region and as whom. */
async function whoAmI(clients: AwsClients) {
  const sts = await clients.sts();
  await sts.send(new GetCallerIdentityCommand({})).finally(() => sts.destroy());
  return (["a", "b"] as const).flatMap((name) => aws[name].calls.map((call) => ({ aws: name, ...call })));
}

describe.each([
  ["a program", (profile = "") => new AwsClients(readConfiguration({ "aws:profile": profile }))],
  ["the command", (profile?: string) => clientsFor({ ...(profile && { profile }) })],
])("%s", (_, clientsOf) => {
  test.each(precedenceCases)("$name", async ({ config, credentials, env, profile, expected }) => {
    write("config", config ?? "");
    write("credentials", credentials ?? "");
    write("token", "of an identity provider");
    setEnvironment(env);
    const called = whoAmI(clientsOf(profile));
    if (expected === "error")
      await expect(called).rejects.toThrow(/^(aws:profile|--profile|AWS_PROFILE): the profile is not in/);
    else expect(await called).toEqual([expected]);
  });
});

const clientsOf = (configuration: Record<string, string>) =>
  new AwsClients(readConfiguration({ "aws:region": "eu-west-1", "aws:maxRetries": "1", ...configuration }));
const [ONE, TWO, THREE] = ["111111111111", "222222222222", "333333333333"] as const;
const roleOf = (account: string) => `arn:aws:iam::${account}:role/deploy`;
const KEYS = { "aws:accessKey": ONE, "aws:secretKey": "x" };
const keyLines = (account: string) => `aws_access_key_id = ${account}\naws_secret_access_key = x\n`;
const endpoint = (url: string, ...services: string[]) => ({
  "aws:endpoints": JSON.stringify(services.map((service) => ({ [service]: url }))),
});
const atA = () => endpoint(aws.a.url, "sts");

describe("credentials that the configuration names", () => {
  const accountOf = async (configuration: Record<string, string>) =>
    (await whoAmI(clientsOf({ ...atA(), ...configuration })))[0]?.account;

  test("of our namespace are not mixed with those of the aws provider's", async () => {
    write("config", `[profile ours]\n${keyLines(TWO)}`);
    const assumeRoles = JSON.stringify([{ roleArn: roleOf(THREE) }]);
    expect(
      await accountOf({ ...KEYS, "aws:assumeRoles": assumeRoles, "aws-approvals:profile": "ours" }),
    ).toBe(TWO);
  });

  test("come from the files that are named, not from those of the same name elsewhere", async () => {
    write("config", `[profile work]\n${keyLines(ONE)}`);
    write("credentials", `[work]\n${keyLines(ONE)}`);
    write("other", `[profile work]\nregion = eu-north-1\n`);
    write("others", `[work]\n${keyLines(TWO)}`);
    const files = {
      "aws:sharedConfigFiles": JSON.stringify([join(folder, "other")]),
      "aws:sharedCredentialsFiles": JSON.stringify([join(folder, "others")]),
    };
    const clients = clientsOf({ ...atA(), ...files, "aws:profile": "work", "aws:region": "" });
    expect(await whoAmI(clients)).toEqual([{ aws: "a", account: TWO, region: "eu-north-1" }]);
  });

  test.each(["webIdentityToken", "webIdentityTokenFile"])(
    "are those of a %s, and of roles after it",
    async (name) => {
      write("token", "of an identity provider");
      const webIdentity = { roleArn: roleOf(TWO), [name]: join(folder, "token") };
      const configuration = { "aws:assumeRoleWithWebIdentity": JSON.stringify(webIdentity) };
      setEnvironment({ AWS_ACCESS_KEY_ID: ONE, AWS_SECRET_ACCESS_KEY: "x" });
      expect(await accountOf(configuration)).toBe(TWO);
      aws.a.calls.length = 0;
      const assumeRoles = JSON.stringify([{ roleArn: roleOf(ONE) }, { roleArn: roleOf(THREE) }]);
      expect(await accountOf({ ...configuration, "aws:assumeRoles": assumeRoles })).toBe(THREE);
    },
  );

  test("fail by the name of the setting when the token cannot be read", async () => {
    const webIdentity = { roleArn: roleOf(TWO), webIdentityTokenFile: join(folder, "none") };
    await expect(
      accountOf({ "aws-approvals:assumeRoleWithWebIdentity": JSON.stringify(webIdentity) }),
    ).rejects.toThrow("aws-approvals:assumeRoleWithWebIdentity: the token file cannot be read (ENOENT).");
  });

  test("are obtained once for all clients", async () => {
    await using server = await new RecordingServer().start();
    server.answers = [{ headers: { "content-type": "text/xml" }, body: ASSUMED }];
    const assumeRoles = JSON.stringify([{ roleArn: roleOf(TWO) }]);
    const clients = clientsOf({ ...KEYS, ...endpoint(server.url, "sts"), "aws:assumeRoles": assumeRoles });
    const [iam, sts, mpa] = await Promise.all([clients.iam(), clients.sts(), clients.mpa()]);
    for (const client of [iam, sts, mpa])
      expect(await client.config.credentials()).toMatchObject({ accessKeyId: "ASIAROLE" });
    expect(server.requests).toHaveLength(1);
  });
});

const ASSUMED = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>
  <SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
  </Credentials></AssumeRoleResult></AssumeRoleResponse>`;

test("a role is assumed in the way of all calls: endpoint, region of STS, retries, user agent", async () => {
  await using server = await new RecordingServer().start();
  server.answers = [{ status: 500 }];
  const clients = clientsOf({
    ...KEYS,
    ...endpoint(server.url, "sts"),
    "aws:assumeRoles": JSON.stringify([{ roleArn: roleOf(TWO) }]),
    "aws:stsRegion": "eu-north-1",
    "aws:maxRetries": "2",
    "aws:userAgents": '["our-pipeline/1.2"]',
  });
  await expect(clients.iam()).rejects.toThrow(/^sts:AssumeRole for aws:assumeRoles\[0\]: /);
  expect(server.requests).toHaveLength(2);
  expect(server.requests[0]?.headers.authorization).toMatch(
    /Credential=111111111111\/\d+\/eu-north-1\/sts\//,
  );
  expect(server.requests[0]?.headers["user-agent"]).toMatch(/ pulumi-aws-approvals\/\S+ our-pipeline\/1\.2$/);
});

test("all that the configuration says of a role is asked for", async () => {
  await using server = await new RecordingServer().start();
  const xml = { "content-type": "text/xml" };
  const withToken = ASSUMED.replaceAll("AssumeRole", "AssumeRoleWithWebIdentity");
  server.answers = [
    { headers: xml, body: withToken },
    { headers: xml, body: ASSUMED },
  ];
  const session = {
    ...{ sessionName: "pipeline", duration: "30m", policy: '{"Version":"2012-10-17"}' },
    policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
  };
  const webIdentity = { ...session, roleArn: roleOf(ONE), webIdentityToken: "of an identity provider" };
  const role = {
    ...{ ...session, roleArn: roleOf(TWO), externalId: "ours", sourceIdentity: "ann" },
    ...{ tags: { team: "a" }, transitiveTagKeys: ["team"] },
  };
  const clients = clientsOf({
    ...endpoint(server.url, "sts"),
    "aws:assumeRoleWithWebIdentity": JSON.stringify(webIdentity),
    "aws:assumeRoles": JSON.stringify([role]),
  });
  await clients.iam();
  const asked = {
    ...{ Version: "2011-06-15", RoleSessionName: "pipeline", DurationSeconds: "1800" },
    ...{ Policy: session.policy, "PolicyArns.member.1.arn": session.policyArns[0] },
  };
  expect(server.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
    {
      ...asked,
      Action: "AssumeRoleWithWebIdentity",
      RoleArn: roleOf(ONE),
      WebIdentityToken: "of an identity provider",
    },
    {
      ...asked,
      Action: "AssumeRole",
      RoleArn: roleOf(TWO),
      ExternalId: "ours",
      SourceIdentity: "ann",
      "Tags.member.1.Key": "team",
      "Tags.member.1.Value": "a",
      "TransitiveTagKeys.member.1": "team",
    },
  ]);
});

test("credentials of an instance's metadata are used, and not with skipMetadataApiCheck", async () => {
  await using metadata = await new RecordingServer().start();
  const credentials = { Code: "Success", AccessKeyId: TWO, SecretAccessKey: "x", Token: "t" };
  metadata.answers = [
    { body: "token" },
    { body: "role" },
    { body: { ...credentials, Expiration: "2099-01-01T00:00:00Z" } },
  ];
  setEnvironment({ AWS_EC2_METADATA_DISABLED: "", AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url });
  expect(await whoAmI(clientsOf(atA()))).toMatchObject([{ account: TWO }]);
  const asked = metadata.requests.length;
  const skipping = { ...atA(), "aws:skipMetadataApiCheck": "true" };
  await expect(whoAmI(clientsOf(skipping))).rejects.toMatchObject({ name: "CredentialsProviderError" });
  expect(metadata.requests).toHaveLength(asked);
});

describe("the host in a queue's URL, another network's name for the same AWS", () => {
  test.each([
    ["the configuration's endpoint", (url: string) => endpoint(url, "sqs"), {}],
    ["AWS_ENDPOINT_URL", () => ({}), { AWS_ENDPOINT_URL: "{server}" }],
    ["AWS_ENDPOINT_URL_SQS", () => ({}), { AWS_ENDPOINT_URL_SQS: "{server}" }],
    ["the profile's endpoint", () => ({ "aws:profile": "work" }), {}],
  ])("gives way to %s", async (_, configuration, env) => {
    await using server = await new RecordingServer().start();
    server.answers = [{ headers: { "content-type": "application/x-amz-json-1.0" } }];
    write("config", `[profile work]\n${keyLines(ONE)}endpoint_url = ${server.url}\n`);
    setEnvironment({ AWS_ACCESS_KEY_ID: ONE, AWS_SECRET_ACCESS_KEY: "x" });
    for (const [name, value] of Object.entries(env))
      process.env[name] = value.replace("{server}", server.url);
    const sqs = await clientsOf(configuration(server.url)).sqs();
    await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: "http://compose-name.test:4566/111111111111/inbox" }),
    );
    expect(server.requests).toHaveLength(1);
  });
});

describe("environment and profile", () => {
  const settingsOf = (
    env: Record<string, string>,
    lines = "",
    configuration: Record<string, string> = {},
  ) => {
    write("config", `[default]\n${lines}`);
    setEnvironment(env);
    return withEnvironment(readConfiguration(configuration));
  };
  const PROFILE =
    "max_attempts = 4\nretry_mode = adaptive\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n";

  test("name a service of two words as the AWS SDK does", async () => {
    const one = "http://127.0.0.1:1";
    const variable = { AWS_ENDPOINT_URL_PAYMENT_CRYPTOGRAPHY: one };
    expect((await settingsOf(variable)).endpoints.paymentcryptography).toBe(one);
    const section = `services = mine\n[services mine]\npayment_cryptography =\n  endpoint_url = ${one}\n`;
    expect((await settingsOf({}, section)).endpoints.paymentcryptography).toBe(one);
  });

  test("say what the configuration leaves out", async () => {
    expect(await settingsOf({}, PROFILE)).toMatchObject({
      region: "us-east-1",
      maxAttempts: 4,
      retryMode: "adaptive",
      useFipsEndpoint: true,
      useDualstackEndpoint: true,
    });
    const env = {
      AWS_MAX_ATTEMPTS: "5",
      AWS_RETRY_MODE: "legacy",
      AWS_USE_FIPS_ENDPOINT: "False",
      AWS_USE_DUALSTACK_ENDPOINT: "false",
    };
    expect(await settingsOf(env, PROFILE)).toMatchObject({
      maxAttempts: 5,
      retryMode: "standard",
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
    });
    const configuration = {
      "aws:maxRetries": "0",
      "aws:retryMode": "adaptive",
      "aws:useFipsEndpoint": "true",
      "aws:useDualstackEndpoint": "true",
    };
    expect(await settingsOf(env, "", configuration)).toMatchObject({
      maxAttempts: 1,
      retryMode: "adaptive",
      useFipsEndpoint: true,
      useDualstackEndpoint: true,
    });
  });

  test("say nothing of endpoints when they are to be ignored", async () => {
    const env = { AWS_ENDPOINT_URL: "http://h:1", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" };
    const { endpoints } = await settingsOf(env, "", endpoint("http://h:2", "iam"));
    expect(endpoints).toEqual({ iam: "http://h:2" });
  });

  test.each<[Record<string, string>, string, string]>([
    [{ AWS_MAX_ATTEMPTS: "few" }, "", "AWS_MAX_ATTEMPTS: must be a whole number, 1 or more."],
    [{ AWS_RETRY_MODE: "often" }, "", "AWS_RETRY_MODE: must be standard or adaptive."],
    [{ AWS_USE_FIPS_ENDPOINT: "yes" }, "", "AWS_USE_FIPS_ENDPOINT: must be true or false."],
    [{}, "use_fips_endpoint = yes", "the profile's use_fips_endpoint: must be true or false."],
    [{ AWS_ENDPOINT_URL: "localhost:4566" }, "", "AWS_ENDPOINT_URL: must be a URL that begins with http://"],
    [{ AWS_ENDPOINT_URL_STS: "/x" }, "", "AWS_ENDPOINT_URL_STS: must be a URL that begins with http://"],
    [{}, "endpoint_url = localhost", "the profile's endpoint_url: must be a URL that begins with http://"],
    [{}, "services = none", "the profile's services: the section is not in the shared config file."],
  ])("%j %s is refused by name", async (env, lines, message) => {
    await expect(settingsOf(env, lines)).rejects.toThrow(message);
  });
});
