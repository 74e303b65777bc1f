import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  IAMClient,
  SendDelegationTokenCommand,
} from "@aws-sdk/client-iam";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { startEmulator } from "../../../src/emulator";
import { createStack } from "../../../src/engine";
import { awsStandIns } from "../../../src/testing/standIns";
import { runInThisProcess } from "../inThisProcess";

const ROOT = join(__dirname, "../../..");
const DIST = join(ROOT, "dist");

let children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children = [];
});

/** Runs the built command. `line` resolves with a line of output, `end` with all output once it has ended. */
function run(args: string[], dist = DIST) {
  const child = spawn(process.execPath, [join(dist, "cli/index.js"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  const line = (index: number) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const lines = output.stdout.split("\n");
        if (lines.length > index + 1) resolve(lines[index] ?? "");
      };
      child.stdout.on("data", look);
      child.once("exit", () => reject(new Error(`ended early: ${output.stderr}`)));
      look();
    });
  const end = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, ...output }));
  });
  return { child, line, end };
}

const endpointOf = (firstLine: string) => firstLine.replace("AWS_ENDPOINT_URL=", "");
const credentials = { accessKeyId: "111122223333", secretAccessKey: "secret" };

describe("aws-approvals emulator", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "runs until %s, with its address first and an access log that need not be read",
    async (signal) => {
      const emulator = run(["emulator", "--port", "0"]);
      const first = await emulator.line(0);
      expect(first).toMatch(/^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/);
      const sts = new STSClient({ endpoint: endpointOf(first), region: "us-east-1", credentials });
      expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({ Account: "111122223333" });
      expect(await emulator.line(1)).toBe(
        "An inbox is ready: topic arn:aws:sns:us-east-1:000000000000:approvals, " +
          "table arn:aws:dynamodb:us-east-1:000000000000:table/approvals",
      );
      expect(await emulator.line(2)).toMatch(/ 111122223333 sts:GetCallerIdentity 200$/);
      // As `| head -3` does. It serves on.
      emulator.child.stdout?.destroy();
      for (let call = 0; call < 3; call++) await sts.send(new GetCallerIdentityCommand());
      emulator.child.kill(signal);
      expect(await emulator.end).toMatchObject({ code: 0, stderr: "" });
      sts.destroy();
    },
  );

  it("says so when the port is in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    expect(await run(["emulator", "--port", port]).end).toEqual({
      code: 1,
      stdout: "",
      stderr: `aws-approvals: port ${port} is in use; choose another with --port N, or --port 0.\n`,
    });
    await new Promise((resolve) => other.close(resolve));
  });

  it("names the remedy when fauxqs or dynalite is not installed", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "aws-approvals-"));
    cpSync(DIST, join(elsewhere, "dist"), { recursive: true });
    cpSync(join(ROOT, "package.json"), join(elsewhere, "package.json"));
    mkdirSync(join(elsewhere, "node_modules"));
    symlinkSync(join(ROOT, "node_modules/commander"), join(elsewhere, "node_modules/commander"));
    const emulator = run(["emulator", "--port=0"], join(elsewhere, "dist"));
    const endpoint = endpointOf(await emulator.line(0));
    expect(await emulator.line(1)).toMatch(/^There is no inbox: .*npm install --save-dev fauxqs@1/);
    const sns = new SNSClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    await expect(sns.send(new CreateTopicCommand({ Name: "news" }))).rejects.toThrow(
      "npm install --save-dev fauxqs",
    );
    sns.destroy();
    const dynamodb = new DynamoDBClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    await expect(dynamodb.send(new ListTablesCommand({}))).rejects.toThrow(
      "npm install --save-dev dynalite@4",
    );
    dynamodb.destroy();
    emulator.child.kill();
    expect(await emulator.end).toMatchObject({ code: 0 });
    rmSync(elsewhere, { recursive: true });
  });
});

describe("examples/quickstart", () => {
  /** Loaded anew by every run, in this process. */
  const program = (): Record<string, unknown> => {
    const file = require.resolve(join(ROOT, "examples/quickstart"));
    delete require.cache[file];
    return require(file);
  };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "aws-approvals-quickstart-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("ends with the customer's credentials on the emulator that the command runs", async () => {
    const emulator = run(["emulator", "--port", "0"]);
    const endpoint = endpointOf(await emulator.line(0));
    const vendor = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "000000000000",
      AWS_SECRET_ACCESS_KEY: "test",
    };
    Object.assign(process.env, vendor);
    const stack = createStack({ program, project: "quickstart", inlineProvider: true });
    const { outputs } = await stack.up();
    const stateFile = join(folder, "stack.json");
    writeFileSync(stateFile, JSON.stringify(await stack.exportState()));
    await stack.close();
    for (const name of Object.keys(vendor)) delete process.env[name];

    const customer = new IAMClient({
      ...{ endpoint, region: "us-east-1" },
      credentials: { accessKeyId: "222222222222Administrator", secretAccessKey: "test" },
    });
    const of = { DelegationRequestId: String(outputs["delegationRequestId"]?.value) };
    await customer.send(new AssociateDelegationRequestCommand(of));
    await customer.send(new AcceptDelegationRequestCommand(of));
    await customer.send(new SendDelegationTokenCommand(of));
    customer.destroy();

    const command = (name: string) =>
      runInThisProcess([name, "--request", "backup-setup", "--state-file", stateFile], {
        ...{ env: { ...vendor, HOME: folder }, cwd: folder, stdin: "" },
      });
    expect(await command("wait")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("backup-setup: granted"),
    });
    const { stdout } = await command("credentials");
    expect(JSON.parse(stdout)).toMatchObject({ SessionToken: expect.anything() });
    emulator.child.kill();
    await emulator.end;
  });

  it("makes an inbox on an AWS that is not embedded", async () => {
    await using emulator = await startEmulator();
    const { endpoint } = emulator;
    const account = "000000000000";
    const config = {
      "aws:endpoints": JSON.stringify([{ iam: endpoint, mpa: endpoint }]),
      "aws:region": "us-east-1",
      "aws:accessKey": account,
      "aws:secretKey": "test",
      "quickstart:instanceArn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
      "quickstart:instanceRegion": "us-east-1",
      "quickstart:customer": "222222222222",
      "quickstart:policyTemplateArn": "arn:aws:iam:::delegation-template/example/backup",
    };
    const standIns = awsStandIns({ endpoint, account, region: "us-east-1" });
    const project = "quickstart";
    const stack = createStack({ program, project, config, standIns, inlineProvider: true });
    const { outputs } = await stack.up();
    await stack.close();
    expect(outputs["tableArn"]?.value).toMatch(
      /^arn:aws:dynamodb:us-east-1:000000000000:table\/backup-setup-/,
    );
  });
});
