import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as forward, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { GetDelegationRequestCommand } from "@aws-sdk/client-iam";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { AwsClients } from "../../src/aws/clients";
import { readConfiguration } from "../../src/aws/configuration";
import { call } from "../../src/aws/errors";
import { isExcluded } from "../../src/aws/http";
import { loadMpa } from "../../src/aws/mpa";
import { Authority, inDays } from "./certificates";
import { startSeeingAws } from "./seeingAws";

const ACCOUNT = "111122223333";
const PASSWORD = "s3cret-value";
const authority = new Authority();
const folder = mkdtempSync(join(tmpdir(), "aws-http-"));
const bundle = join(folder, "authority.pem");
writeFileSync(bundle, authority.cert);

type Aws = Awaited<ReturnType<typeof startSeeingAws>>;
/** Behind names that only the proxy knows. */
let plain: Aws;
let secure: Aws;
let proxy: Awaited<ReturnType<typeof startProxy>>;
const environment = { ...process.env };

beforeAll(async () => {
  [plain, secure] = await Promise.all([startSeeingAws(), startSeeingAws(authority.issue("aws.test"))]);
  proxy = await startProxy({ "aws.test:443": secure.port, "aws.test:80": plain.port });
});
afterAll(async () => {
  for (const one of [plain, secure, proxy]) await one[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  proxy.calls.length = 0;
  for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (environment[name] === undefined) delete process.env[name];
  Object.assign(process.env, environment);
});

/** A proxy that reaches the given hosts, and answers 502 for others. */
async function startProxy(ports: Record<string, number>) {
  const calls: string[] = [];
  const note = (what: string, { headers }: IncomingMessage) => {
    const [, credentials] = headers["proxy-authorization"]?.split(" ") ?? [];
    const user = credentials === undefined ? "" : ` as ${Buffer.from(credentials, "base64")}`;
    calls.push(what + user);
  };
  const server = createServer((request, response) => {
    const { host, pathname } = new URL(request.url ?? "");
    note(`GET ${host}`, request);
    const options = {
      port: ports[`${host}:80`],
      path: pathname,
      method: request.method,
      headers: request.headers,
    };
    request.pipe(forward(options, (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 0))));
  });
  server.on("connect", (request, socket) => {
    note(`CONNECT ${request.url}`, request);
    const port = ports[request.url ?? ""];
    if (port === undefined)
      return socket.end("HTTP/1.1 407 No\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>");
    const target = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
    return socket.on("error", () => target.destroy());
  });
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return { calls, host: `127.0.0.1:${port}`, [Symbol.asyncDispose]: () => close(server) };
}

const listen = (server: Server) => new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const close = (server: Server) =>
  new Promise<void>((done) => {
    server.closeAllConnections();
    server.close(() => done());
  });

const complete = (configuration: Record<string, string>, url: string) => ({
  "aws:accessKey": ACCOUNT,
  "aws:secretKey": "x",
  "aws:maxRetries": "1",
  "aws:endpoints": JSON.stringify([{ iam: url, sts: url, mpa: url, sqs: url }]),
  ...configuration,
});

const clients = (configuration: Record<string, string>, url = "https://aws.test") =>
  new AwsClients(readConfiguration(complete(configuration, url)));

/** The account that a call through the clients is answered for. @throws OperationError */
async function whoAmI(configuration: Record<string, string>, url?: string) {
  const sts = await clients(configuration, url).sts();
  const command = new GetCallerIdentityCommand({});
  const { Account } = await call("sts:GetCallerIdentity", "us", () => sts.send(command)).finally(() =>
    sts.destroy(),
  );
  return Account;
}

/**
 * The messages of calls that the network fails, made in another process: Jest's `Error` is not the one of Node's own modules,
 * and the AWS SDK takes their errors for something else.
 */
async function messagesOf(
  ...calls: [configuration: Record<string, string>, url: string][]
): Promise<string[]> {
  const script = `
    const { AwsClients } = require("./aws/clients");
    const { readConfiguration } = require("./aws/configuration");
    const { call } = require("./aws/errors");
    const { GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
    const whoAmI = async (configuration) => {
      const sts = await new AwsClients(readConfiguration(configuration)).sts();
      return call("sts:GetCallerIdentity", "us", () => sts.send(new GetCallerIdentityCommand({})));
    };
    const messages = JSON.parse(process.argv[1]).map((one) => whoAmI(one).then(() => "none", (error) => error.message));
    Promise.all(messages).then((all) => process.stdout.write(JSON.stringify(all)));`;
  const configurations = JSON.stringify(calls.map(([configuration, url]) => complete(configuration, url)));
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, configurations], {
    cwd: resolve(__dirname, "../../dist"),
    // Jest's own, which is not the one that a child would inherit.
    env: process.env,
  });
  return JSON.parse(stdout);
}

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => Promise.reject(new Error("did not fail")),
    ({ message }: Error) => message,
  );

describe("a proxy", () => {
  const trusted = { "aws:customCaBundle": bundle };
  const HTTPS = "CONNECT aws.test:443";
  const HTTP = "GET aws.test";

  test.each<[string, Record<string, string>, Record<string, string>, string, string[]]>([
    ["httpsProxy", { "aws:httpsProxy": "{}" }, {}, "https://aws.test", [HTTPS]],
    ["HTTPS_PROXY", {}, { HTTPS_PROXY: "{}" }, "https://aws.test", [HTTPS]],
    ["https_proxy", {}, { https_proxy: "{}" }, "https://aws.test", [HTTPS]],
    [
      "httpsProxy beside HTTPS_PROXY",
      { "aws:httpsProxy": "{}" },
      { HTTPS_PROXY: "x" },
      "https://aws.test",
      [HTTPS],
    ],
    ["httpProxy alone", { "aws:httpProxy": "{}" }, {}, "https://aws.test", [HTTPS]],
    ["httpProxy", { "aws:httpProxy": "{}" }, {}, "http://aws.test", [HTTP]],
    ["HTTP_PROXY", {}, { HTTP_PROXY: "{}" }, "http://aws.test", [HTTP]],
    ["a proxy of the other protocol and this machine", {}, { HTTPS_PROXY: "{}" }, "{plain}", []],
  ])("%s", async (_, configuration, env, url, calls) => {
    const fill = (values: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, value.replace("{}", proxy.host)]),
      );
    Object.assign(process.env, fill(env));
    const answer = whoAmI({ ...trusted, ...fill(configuration) }, url.replace("{plain}", plain.url));
    expect(await answer).toBe(ACCOUNT);
    expect(proxy.calls).toEqual(calls);
  });

  test("is given its user and password, and the calls that yield credentials, too", async () => {
    const roles = JSON.stringify([{ roleArn: "arn:aws:iam::444455556666:role/deploy" }]);
    const httpsProxy = `http://user:${PASSWORD}@${proxy.host}`;
    const account = await whoAmI({ ...trusted, "aws:httpsProxy": httpsProxy, "aws:assumeRoles": roles });
    expect(account).toBe("444455556666");
    expect(proxy.calls).toEqual(Array(2).fill(`${HTTPS} as user:${PASSWORD}`));
  });

  test("shows which endpoints are called: FIPS for roles, too, dual-stack, and none that another profile names", async () => {
    const config = join(folder, "profiles");
    writeFileSync(config, `[default]\nendpoint_url = ${plain.url}\n[profile work]\nregion = eu-west-1\n`);
    Object.assign(process.env, { HTTPS_PROXY: proxy.host, AWS_CONFIG_FILE: config });
    const configuration = { "aws:endpoints": "[]", "aws:region": "us-east-2", "aws:profile": "work" };
    const roles = JSON.stringify([{ roleArn: "arn:aws:iam::444455556666:role/deploy" }]);
    const fips = { "aws:useFipsEndpoint": "true", "aws:assumeRoles": roles };
    await messageOf(whoAmI({ ...configuration, ...fips }));
    await messageOf(whoAmI({ ...configuration, "aws:stsRegion": "eu-north-1" }));
    await messageOf(whoAmI({ ...configuration, "aws:useDualstackEndpoint": "true" }));
    expect(proxy.calls).toEqual([
      "CONNECT sts-fips.us-east-2.amazonaws.com:443",
      "CONNECT sts.eu-north-1.amazonaws.com:443",
      "CONNECT sts.us-east-2.api.aws:443",
    ]);
  });

  test("that wants a password says so, and the message has none", async () => {
    const message = await messageOf(
      whoAmI({ "aws:httpsProxy": `http://user:${PASSWORD}@${proxy.host}` }, "https://elsewhere.test"),
    );
    expect(message).toMatch(
      /: UnexpectedResponse: HTTP 407 with text\/html\. The proxy requires credentials/,
    );
    expect(message).not.toContain(PASSWORD);
  });

  test("that is none is named, and not repeated", async () => {
    for (const url of [`socks5://user:${PASSWORD}@h:1`, `http://user:${PASSWORD}@h:port`]) {
      const message = await messageOf(whoAmI({ "aws:httpsProxy": url }));
      expect(message).toMatch(/^aws:httpsProxy: must be the URL of a proxy/);
      expect(message).not.toContain(PASSWORD);
    }
  });

  test("is passed by for the hosts of noProxy, before NO_PROXY", async () => {
    Object.assign(process.env, { HTTPS_PROXY: proxy.host, NO_PROXY: "elsewhere.test" });
    for (const message of await messagesOf(
      [{ "aws:noProxy": "aws.test" }, "https://aws.test"],
      [{}, "https://elsewhere.test"],
    ))
      expect(message).toMatch(/: (ENOTFOUND|EAI_AGAIN): .* cannot be reached\. Check the network and proxy/);
    expect(proxy.calls).toEqual([]);
  });
});

test.each<[string, string, boolean]>([
  ["example.com", "example.com", true],
  ["sub.example.com", "example.com", true],
  ["notexample.com", "example.com", false],
  ["example.com", ".example.com", false],
  ["sub.example.com", ".example.com", true],
  ["sub.example.com", "*.example.com", true],
  ["SUB.Example.com", "a.b, .EXAMPLE.com", true],
  ["example.com", "example.com:443", true],
  ["example.com", "example.com:80", false],
  ["anything", "*", true],
  ["anything", "", false],
  ["10.1.2.3", "10.0.0.0/8", true],
  ["11.1.2.3", "10.0.0.0/8", false],
  ["10.1.2.3", "10.1.2.3:443", true],
  ["10.1.2.34", "10.1.2.3", false],
  ["[fd00::1]", "fd00::/8", true],
  ["[fd00::1]", "[fd00::1]:443", true],
  ["[fd00::1]", "10.0.0.0/8", false],
  ["localhost", "", true],
  ["127.9.9.9", "", true],
  ["[::1]", "", true],
])("%s is called without a proxy by NO_PROXY=%s: %s", (host, except, expected) => {
  expect(isExcluded(host, 443, except)).toBe(expected);
});

describe("a certificate", () => {
  const insideProxy = () => ({ "aws:httpsProxy": proxy.host });

  test("of a private authority is trusted where customCaBundle, AWS_CA_BUNDLE or the profile names it", async () => {
    expect(await whoAmI({ ...insideProxy(), "aws:customCaBundle": bundle })).toBe(ACCOUNT);
    process.env["AWS_CA_BUNDLE"] = bundle;
    expect(await whoAmI(insideProxy())).toBe(ACCOUNT);
    delete process.env["AWS_CA_BUNDLE"];
    const config = join(folder, "config");
    writeFileSync(config, `[profile work]\nca_bundle = ${bundle}\n`);
    const profile = { "aws:profile": "work", "aws:sharedConfigFiles": JSON.stringify([config]) };
    expect(await whoAmI({ ...insideProxy(), ...profile })).toBe(ACCOUNT);
  });

  test("is not checked when the configuration says insecure", async () => {
    expect(await whoAmI({ ...insideProxy(), "aws:insecure": "true" })).toBe(ACCOUNT);
  });

  test("that is not trusted, or of another host, or expired, is an error with the remedy", async () => {
    const trusted = { "aws:customCaBundle": bundle };
    await using expired = await startSeeingAws(authority.issue("localhost", inDays(-1)));
    const messages = await messagesOf(
      [insideProxy(), "https://aws.test"],
      [trusted, `https://localhost:${secure.port}`],
      [trusted, `https://localhost:${expired.port}`],
    );
    const codes = ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "ERR_TLS_CERT_ALTNAME_INVALID", "CERT_HAS_EXPIRED"];
    for (const [index, code] of codes.entries()) {
      expect(messages[index]).toContain(`sts:GetCallerIdentity for us: ${code}: `);
      for (const remedy of ["aws:customCaBundle", "AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"])
        expect(messages[index]).toContain(remedy);
    }
  });

  test("file that cannot be read is named by its setting", async () => {
    const missing = join(folder, PASSWORD);
    expect(await messageOf(whoAmI({ "aws:customCaBundle": missing }))).toBe(
      "aws:customCaBundle: the certificate file cannot be read (ENOENT).",
    );
    process.env["AWS_CA_BUNDLE"] = missing;
    expect(await messageOf(whoAmI({}))).toBe("AWS_CA_BUNDLE: the certificate file cannot be read (ENOENT).");
  });
});

describe("an endpoint", () => {
  test.each([200, 302, 404, 502])("that answers HTML with HTTP %d is told from AWS", async (status) => {
    const server = createServer((_, response) => {
      response.writeHead(status, { "content-type": "text/html; charset=utf-8" });
      response.end(`<!DOCTYPE html><html><head><meta x></head><body>${PASSWORD}</body></html>`);
    });
    await listen(server);
    try {
      const aws = clients({}, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const { GetIdentitySourceCommand } = loadMpa();
      const sends: Record<string, () => Promise<unknown>> = {
        iam: async () =>
          (await aws.iam()).send(new GetDelegationRequestCommand({ DelegationRequestId: "id" })),
        sts: async () => (await aws.sts()).send(new GetCallerIdentityCommand({})),
        sqs: async () => (await aws.sqs()).send(new ReceiveMessageCommand({ QueueUrl: "http://q.test/1/q" })),
        mpa: async () => (await aws.mpa()).send(new GetIdentitySourceCommand({ IdentitySourceArn: "arn" })),
      };
      for (const [service, send] of Object.entries(sends))
        expect(await messageOf(call(service, "it", send))).toBe(
          `${service} for it: UnexpectedResponse: HTTP ${status} with text/html. The response is not from AWS. ` +
            "Check the endpoint (aws:endpoints, AWS_ENDPOINT_URL), and whether a proxy or a sign-in page of the network answered instead.",
        );
    } finally {
      await close(server);
    }
  });

  test("of STS that cannot be reached is not a matter of the credentials", async () => {
    const closed = createServer();
    await listen(closed);
    const { port } = closed.address() as AddressInfo;
    await close(closed);
    const roles = JSON.stringify([{ roleArn: `arn:aws:iam::444455556666:role/${PASSWORD}` }]);
    const [message] = await messagesOf([{ "aws:assumeRoles": roles }, `http://127.0.0.1:${port}`]);
    expect(message).toMatch(/^sts:AssumeRole for aws:assumeRoles\[0\]: ECONNREFUSED: .* cannot be reached/);
    expect(message).not.toContain("credentials");
    expect(message).not.toContain(PASSWORD);
  });
});
