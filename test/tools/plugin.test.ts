import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  ConfigureRequest,
  GetSchemaRequest,
  type GetSchemaResponse,
  ReadRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { grpc, Struct } from "../../src/sdk";
import { packPlugin } from "../../tools/plugin";
import { AwsFixture, PARTNER } from "../e2e/awsFixture";

const ROOT = resolve(__dirname, "../..");
let folder: string;
let unpacked: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "aws-approvals-plugin-"));
  const archive = await packPlugin(folder);
  unpacked = mkdtempSync(join(folder, "installed-"));
  await promisify(execFile)("tar", ["-xzf", archive, "-C", unpacked]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a plugin as Pulumi does. @returns the name in its schema */
const startedBy = (command: string, ...args: string[]): Promise<string> => withPlugin(command, args, nameIn);

async function nameIn(client: ResourceProviderClient): Promise<string> {
  const response = await new Promise<GetSchemaResponse>((resolve, reject) => {
    client.getSchema(new GetSchemaRequest(), (error, answer) => (error ? reject(error) : resolve(answer)));
  });
  return JSON.parse(response.getSchema()).name;
}

async function withPlugin<T>(
  command: string,
  args: string[],
  use: (client: ResourceProviderClient) => Promise<T>,
  input: "pipe" | "ignore" = "pipe",
): Promise<T> {
  // Not the folder of this repository, whose modules could be found by accident.
  const child = spawn(command, args, { cwd: folder, stdio: [input, "pipe", "inherit"] });
  const exited = once(child, "exit");
  try {
    const [port] = await once(createInterface(child.stdout as Readable), "line");
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    return await use(client).finally(() => client.close());
  } finally {
    // Pulumi has ended: the plugin ends, too. The language host kills one without an input.
    if (child.stdin) child.stdin.end();
    else child.kill();
    await exited;
  }
}

const failureOf = (command: string, args: string[], env: Record<string, string> = {}) =>
  promisify(execFile)(command, args, { env }).then(
    () => "",
    ({ stderr }: { stderr: string }) => stderr,
  );

test("the archive holds all that it needs but Node.js, and ends with Pulumi", async () => {
  expect(await startedBy(join(unpacked, "pulumi-resource-aws-approvals"), "127.0.0.1:1")).toBe(
    "aws-approvals",
  );
});

test("the archive has the clients that users of the npm package install themselves", async () => {
  const fixture = await AwsFixture.open();
  const vault = `arn:aws:backup:us-east-1:${PARTNER}:backup-vault:air-gapped`;
  fixture.putVault(vault, fixture.putTeam(`arn:aws:mpa:us-east-1:${PARTNER}:approval-team/ops`));
  const { endpoint } = fixture.emulator;
  const settings = {
    ...{ region: "us-east-1", accessKey: PARTNER, secretKey: "x" },
    endpoints: JSON.stringify([{ backup: endpoint, sts: endpoint, mpa: endpoint }]),
  };
  const configure = new ConfigureRequest().setArgs(Struct.fromJavaScript(settings)).setAcceptsecrets(true);
  const urn = "urn:pulumi:dev::proj::aws-approvals:backup:VaultApprovalTeam::it";
  try {
    const id = await withPlugin(
      join(unpacked, "pulumi-resource-aws-approvals"),
      ["127.0.0.1:1"],
      async (client) => {
        await new Promise<unknown>((resolve, reject) => {
          client.configure(configure, (error, answer) => (error ? reject(error) : resolve(answer)));
        });
        const request = new ReadRequest().setUrn(urn).setId(vault);
        return new Promise<string>((resolve, reject) => {
          client.read(request, (error, answer) => (error ? reject(error) : resolve(answer.getId())));
        });
      },
    );
    expect(id).toBe(vault);
  } finally {
    await fixture.close();
  }
});

test("the command of the npm package does the same", async () => {
  const command = join(ROOT, "bin/pulumi-resource-aws-approvals");
  expect(await startedBy(command, "127.0.0.1:1")).toBe("aws-approvals");
});

test("so does the folder with PulumiPlugin.yaml, as Pulumi's language host for Node.js starts it: without an input", async () => {
  const run = require.resolve("@pulumi/pulumi/cmd/run-plugin");
  const args = [run, join(ROOT, "plugin"), "127.0.0.1:1"];
  expect(await withPlugin(process.execPath, args, nameIn, "ignore")).toBe("aws-approvals");
});

test("without Node.js, or with an old one, a line says what is needed", async () => {
  const bin = mkdtempSync(join(folder, "bin-"));
  symlinkSync("/usr/bin/dirname", join(bin, "dirname"));
  const start = [join(unpacked, "pulumi-resource-aws-approvals")];
  expect(await failureOf("/bin/sh", start, { PATH: bin })).toBe(
    "pulumi-resource-aws-approvals: needs Node.js 20 or newer, and there is no node on the PATH: https://nodejs.org\n",
  );
  const old = `Object.defineProperty(process, "versions", { value: { node: "18.20.0" } }); require(${JSON.stringify(join(unpacked, "start.js"))})`;
  expect(await failureOf(process.execPath, ["-e", old])).toMatch(
    /needs Node\.js 20 or newer, and the node on the PATH is/,
  );
});
