import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpRequest } from "@smithy/types";
import { loadMpa } from "../../../src/aws/mpa";
import type { ClientConfig } from "../../../src/aws/smithy/configuration";

// Where a client calls and how it signs, by the settings of code, environment and profile: for both clients.
const mpa = loadMpa();

const SOURCE = "arn:aws:mpa:us-east-1:111122223333:identity-source/IamIdentityCenter";

const environment = { ...process.env };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mpa-settings-"));
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, {
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: "AKIDENVIRONMENT",
    AWS_SECRET_ACCESS_KEY: "secret",
  });
});

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, environment);
  rmSync(folder, { recursive: true });
});

/** What a call would look like; nothing leaves the process. */
async function call(config: ClientConfig) {
  const requests: HttpRequest[] = [];
  const client = new mpa.MPAClient({
    ...config,
    requestHandler: {
      handle: async (request: HttpRequest) => {
        requests.push(request);
        return { response: { statusCode: 200, headers: {}, body: new Uint8Array() } };
      },
    },
  });
  await client.send(new mpa.GetIdentitySourceCommand({ IdentitySourceArn: SOURCE }));
  client.destroy();
  const [{ protocol, hostname, port, path, headers }] = requests as [HttpRequest];
  const [, accessKeyId, region] =
    /Credential=(\w+)\/\d{8}\/(.+?)\/mpa\//.exec(headers["authorization"] ?? "") ?? [];
  return {
    origin: `${protocol}//${hostname}${port ? `:${port}` : ""}`,
    path,
    accessKeyId,
    region,
    attempts: headers["amz-sdk-request"],
    userAgent: headers["user-agent"],
  };
}

describe("the service's endpoints", () => {
  // One row a partition, as the rule set of the service and the partition table have them.
  describe.each([
    ["us-east-1", "api.aws"],
    ["eu-central-1", "api.aws"],
    ["us-gov-west-1", "api.aws"],
    ["cn-north-1", "api.amazonwebservices.com.cn"],
    ["eusc-de-east-1", "api.amazonwebservices.eu"],
    ["us-iso-east-1", "api.aws.ic.gov"],
    ["us-isob-east-1", "api.aws.scloud"],
    ["us-isof-south-1", "api.aws.hci.ic.gov"],
    ["eu-isoe-west-1", "api.cloud-aws.adc-e.uk"],
    ["xx-nowhere-1", "api.aws"],
  ])("in %s", (region, domain) => {
    test.each([
      { useFipsEndpoint: false, useDualstackEndpoint: false, host: "mpa" },
      { useFipsEndpoint: false, useDualstackEndpoint: true, host: "mpa" },
      { useFipsEndpoint: true, useDualstackEndpoint: false, host: "mpa-fips" },
      { useFipsEndpoint: true, useDualstackEndpoint: true, host: "mpa-fips" },
    ])("FIPS $useFipsEndpoint, dual-stack $useDualstackEndpoint", async ({ host, ...flags }) => {
      expect(await call({ region, ...flags })).toMatchObject({
        origin: `https://${host}.${region}.${domain}`,
        region,
      });
    });
  });

  test("a region that is no host name is refused", async () => {
    await expect(call({ region: "us-east-1.attacker.example/" })).rejects.toThrow(/region/i);
  });
});

describe("settings in code", () => {
  test("a region and credentials may be functions", async () => {
    const credentials = async () => ({ accessKeyId: "AKIDFUNCTION", secretAccessKey: "secret" });
    expect(await call({ region: async () => "us-gov-west-1", credentials })).toMatchObject({
      region: "us-gov-west-1",
      accessKeyId: "AKIDFUNCTION",
    });
  });

  test("an endpoint keeps its path", async () => {
    const { origin, path } = await call({ region: "us-east-1", endpoint: "http://127.0.0.1:4566/prefix" });
    expect(origin).toBe("http://127.0.0.1:4566");
    expect(path).toMatch(/^\/prefix\/identity-sources\/arn%3A/);
  });

  test("FIPS of an endpoint of one's own is refused", async () => {
    await expect(
      call({ region: "us-east-1", endpoint: "http://127.0.0.1:4566", useFipsEndpoint: true }),
    ).rejects.toThrow("Invalid Configuration: FIPS and custom endpoint are not supported");
  });

  test("come before the environment's", async () => {
    Object.assign(process.env, {
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_MAX_ATTEMPTS: "7",
    });
    expect(await call({ region: "us-east-1", endpoint: "http://127.0.0.1:2", maxAttempts: 2 })).toMatchObject(
      {
        region: "us-east-1",
        origin: "http://127.0.0.1:2",
        attempts: "attempt=1; max=2",
      },
    );
  });

  test("the caller's name is in the user agent", async () => {
    expect(
      await call({ region: "us-east-1", customUserAgent: [["pulumi-aws-approvals", "1.2.3"]] }),
    ).toMatchObject({
      userAgent: expect.stringMatching(/ pulumi-aws-approvals\/1\.2\.3$/),
    });
  });

  test("a client without a region says so", async () => {
    await expect(call({})).rejects.toThrow("Region is missing");
  });
});

describe("settings in the environment", () => {
  test.each<[Record<string, string>, object]>([
    [
      {},
      {
        origin: "https://mpa.us-east-1.api.aws",
        accessKeyId: "AKIDENVIRONMENT",
        attempts: "attempt=1; max=3",
      },
    ],
    [{ AWS_REGION: "us-gov-west-1" }, { region: "us-gov-west-1" }],
    [{ AWS_ENDPOINT_URL: "http://127.0.0.1:4566" }, { origin: "http://127.0.0.1:4566" }],
    [
      { AWS_ENDPOINT_URL: "http://127.0.0.1:4566", AWS_ENDPOINT_URL_MPA: "http://127.0.0.1:4567" },
      { origin: "http://127.0.0.1:4567" },
    ],
    [{ AWS_USE_FIPS_ENDPOINT: "true" }, { origin: "https://mpa-fips.us-east-1.api.aws" }],
    [{ AWS_USE_DUALSTACK_ENDPOINT: "true" }, { origin: "https://mpa.us-east-1.api.aws" }],
    [{ AWS_MAX_ATTEMPTS: "7" }, { attempts: "attempt=1; max=7" }],
    [{ AWS_SDK_UA_APP_ID: "pipeline" }, { userAgent: expect.stringMatching(/ app\/pipeline$/) }],
  ])("%j", async (variables, expected) => {
    Object.assign(process.env, { AWS_REGION: "us-east-1" }, variables);
    expect(await call({})).toMatchObject(expected);
  });
});

describe("settings in a profile", () => {
  beforeEach(() => {
    delete process.env["AWS_ACCESS_KEY_ID"];
    delete process.env["AWS_SECRET_ACCESS_KEY"];
  });

  const PROFILE = [
    "[profile work]",
    "region = us-gov-west-1",
    "max_attempts = 4",
    "aws_access_key_id = AKIDPROFILE",
    "aws_secret_access_key = secret",
  ];
  const EXPECTED = { region: "us-gov-west-1", attempts: "attempt=1; max=4", accessKeyId: "AKIDPROFILE" };
  const writeConfig = (...lines: string[]) =>
    writeFileSync(join(folder, "config"), `${[...PROFILE, ...lines].join("\n")}\n`);

  test("that AWS_PROFILE names", async () => {
    process.env["AWS_PROFILE"] = "work";
    writeConfig();
    expect(await call({})).toMatchObject(EXPECTED);
  });

  test("that the code names", async () => {
    writeConfig();
    expect(await call({ profile: "work" })).toMatchObject(EXPECTED);
  });

  test("an endpoint", async () => {
    process.env["AWS_PROFILE"] = "work";
    writeConfig("endpoint_url = http://127.0.0.1:4566");
    expect(await call({})).toMatchObject({ origin: "http://127.0.0.1:4566" });
  });

  test("an endpoint for this service in a services section", async () => {
    process.env["AWS_PROFILE"] = "work";
    writeConfig(
      "endpoint_url = http://127.0.0.1:4566",
      "services = local",
      "[services local]",
      "mpa =",
      "  endpoint_url = http://127.0.0.1:4567",
    );
    expect(await call({})).toMatchObject({ origin: "http://127.0.0.1:4567" });
  });

  test("no credentials anywhere is an error that says so", async () => {
    await expect(call({ region: "us-east-1" })).rejects.toMatchObject({ name: "CredentialsProviderError" });
  });
});
