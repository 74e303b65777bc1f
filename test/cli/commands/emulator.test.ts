import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

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
    "runs until %s, with its address first and an access log",
    async (signal) => {
      const emulator = run(["emulator", "--port", "0"]);
      const first = await emulator.line(0);
      expect(first).toMatch(/^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/);
      const sts = new STSClient({ endpoint: endpointOf(first), region: "us-east-1", credentials });
      expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({ Account: "111122223333" });
      expect(await emulator.line(1)).toMatch(/ 111122223333 sts:GetCallerIdentity 200$/);
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
