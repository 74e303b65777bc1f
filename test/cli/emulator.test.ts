import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const DIST = join(__dirname, "../../dist");

let children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children = [];
});

/** Runs the built command. `line` resolves with a line of output, `end` with everything once it has ended. */
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

  it("names the remedy when fauxqs is not installed", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "aws-approvals-"));
    cpSync(DIST, join(elsewhere, "dist"), { recursive: true });
    const emulator = run(["emulator", "--port=0"], join(elsewhere, "dist"));
    const endpoint = endpointOf(await emulator.line(0));
    const sns = new SNSClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    await expect(sns.send(new CreateTopicCommand({ Name: "news" }))).rejects.toThrow(
      "npm install --save-dev fauxqs",
    );
    sns.destroy();
    emulator.child.kill();
    expect(await emulator.end).toMatchObject({ code: 0 });
    rmSync(elsewhere, { recursive: true });
  });
});

describe("aws-approvals", () => {
  it.each([["--help"], ["-h"], ["emulator", "--help"], ["emulator", "-h"]])(
    "explains itself: %s %s",
    async (...args) => {
      const { code, stdout, stderr } = await run(args.filter((arg) => arg !== undefined)).end;
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/^Usage: aws-approvals/);
    },
  );

  it("tells its version", async () => {
    expect((await run(["--version"]).end).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [["fly"], "unknown command 'fly'"],
    [["emulator", "--port", "65536"], "--port must be a number from 0 to 65535"],
    [["emulator", "--port", "http"], "--port must be a number from 0 to 65535"],
    [["emulator", "--nonsense"], "--nonsense"],
    [["emulator", "extra"], "extra"],
  ])("refuses %j", async (args, why) => {
    const { code, stdout, stderr } = await run(args).end;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(why);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("shows its usage when called with nothing", async () => {
    const { code, stderr } = await run([]).end;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: aws-approvals/);
  });
});
