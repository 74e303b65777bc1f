import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateDelegationRequestCommand, IAMClient } from "@aws-sdk/client-iam";
import { openInbox } from "../demo/inbox";
import { Customer } from "../src/testing";
import { asked } from "./request";

const COMMAND = join(__dirname, "../bin/aws-approvals.js");
/** Not the account that the command `emulator` has an inbox for. */
const VENDOR = "111111111111";
const RUNS = 7;

/** The median of the milliseconds that a command takes. */
function median(run: () => void, before: () => void = () => {}): number {
  const times = Array.from({ length: RUNS }, () => {
    before();
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[RUNS >> 1] as number;
}

/** What it costs every AWS command to have a customer's credentials: rows of name, milliseconds, ratio to bare Node. */
export async function credentialRows(): Promise<(string | number)[][]> {
  // In a process of its own, since the commands below block this one.
  const emulator = spawn(process.execPath, [COMMAND, "emulator", "--port", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const endpoint = await new Promise<string>((resolve) =>
    emulator.stdout.once("data", (line) => resolve(String(line).trim().split("\n")[0]?.split("=")[1] ?? "")),
  );
  const home = mkdtempSync(join(tmpdir(), "aws-approvals-bench-"));
  let inbox: Awaited<ReturnType<typeof openInbox>> | undefined;
  try {
    inbox = await openInbox(endpoint, VENDOR);
    const iam = new IAMClient({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: VENDOR, secretAccessKey: "bench" },
    });
    const { DelegationRequestId: id = "" } = await iam.send(
      new CreateDelegationRequestCommand({
        OwnerAccountId: asked.ownerAccountId,
        Description: asked.description,
        Permissions: { PolicyTemplateArn: asked.permissions.policyTemplateArn },
        RequestorWorkflowId: "bench-credentials",
        NotificationChannel: inbox.topicArn,
        SessionDuration: asked.sessionDuration,
      }),
    );
    iam.destroy();
    const store = { delegationRequests: new Map() };
    const revokeAccess = () => {
      throw new Error("the embedded AWS is in another process");
    };
    await new Customer({ endpoint, store, revokeAccess }, asked.ownerAccountId).approve(id);
    const { token, message } = await inbox.exchangeToken(id, () => {});
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: VENDOR,
      AWS_SECRET_ACCESS_KEY: "bench",
      AWS_REGION: "us-east-1",
      // The AWS CLI reads this one.
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_APPROVALS_HOME: home,
    };
    const ours = (...args: string[]) =>
      execFileSync(process.execPath, [COMMAND, "credentials", "--request", id, ...args], {
        env,
        input: args.includes("--token-stdin") ? message : "",
        stdio: ["pipe", "ignore", "pipe"],
      });
    const forget = () =>
      void execFileSync(process.execPath, [COMMAND, "forget", "--request", id, "--yes"], {
        env,
        stdio: ["ignore", "ignore", "pipe"],
      });

    const bare = median(() => execFileSync(process.execPath, ["-e", "0"]));
    const exchange = median(() => ours("--token-stdin"), forget);
    ours("--token-stdin");
    const cached = median(() => ours());
    const rows: [string, number][] = [
      ["node -e 0", bare],
      ["aws-approvals credentials, kept", cached],
      ["aws-approvals credentials, exchange", exchange],
    ];
    try {
      const aws = ["sts", "get-delegated-access-token", "--trade-in-token", token];
      rows.push([
        "aws sts get-delegated-access-token",
        median(() => execFileSync("aws", aws, { env, stdio: "ignore" })),
      ]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      console.log("There is no aws command on the PATH: its exchange was not measured.\n");
    }
    return rows.map(([name, time]) => [name, time, (time / bare).toFixed(2)]);
  } finally {
    await inbox?.close();
    emulator.kill();
    rmSync(home, { recursive: true, force: true });
  }
}
