import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { ManualClock, startEmulator, VENDOR_ACCOUNT } from "../src/testing";
import { type EngineName, openEngine } from "./engines";

const ROOT = resolve(__dirname, "..");
const COMMAND = join(ROOT, "bin", "aws-approvals.js");
const run = promisify(execFile);

interface Outputs {
  links: Record<string, string>;
  requestIds: Record<string, string>;
}

/**
 * Plays examples/partner-onboarding: three customers are asked; one says yes, one says no, one does not answer. Topics
 * and queues are @pulumi/aws's, which stand-ins play.
 */
export async function onboarding(
  engine: EngineName | undefined,
  heading: (text: string) => void,
  closing: (() => Promise<void>)[],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "aws-approvals-demo-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const clock = new ManualClock();
  const emulator = await startEmulator({ clock });
  closing.push(() => emulator.close());
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ACCESS_KEY_ID: VENDOR_ACCOUNT,
    AWS_SECRET_ACCESS_KEY: "demo",
    AWS_REGION: "us-east-1",
  });
  const stack = await openEngine(engine, "partner-onboarding");
  closing.push(() => stack.close());

  heading("Three customers, one inbox: the stack of a SaaS vendor (stand-ins for @pulumi/aws)");
  await stack.up();
  const { links, requestIds } = (await stack.outputs()) as unknown as Outputs;
  console.log("The links to send:");
  for (const [name, link] of Object.entries(links)) console.log(`  ${name.padEnd(8)} ${link}`);
  const { acme = "", globex = "" } = requestIds;

  const env = {
    ...process.env,
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_APPROVALS_HOME: join(folder, "cache"),
  };
  const stateFile = join(folder, "state.json");
  await writeFile(stateFile, JSON.stringify(await stack.exportState()), { mode: 0o600 });

  heading("aws-approvals wait: acme says yes, globex says no");
  const waiting = spawn(process.execPath, [COMMAND, "wait", "--state-file", stateFile], {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const waited = once(waiting, "close");
  closing.push(async () => void waiting.kill());
  await emulator.customer("222222222222").approve(acme);
  await emulator.customer("333333333333").reject(globex, "Not before the audit");

  heading("An AWS profile that acts in acme's account");
  const profile = `[profile acme]\ncredential_process = "${process.execPath}" "${COMMAND}" credentials --request acme --state-file ${stateFile}\nregion = us-east-1\n`;
  await writeFile(env.AWS_CONFIG_FILE, profile);
  console.log(`[profile acme]\ncredential_process = aws-approvals credentials --request ${acme}\n`);
  const whoAmI = ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"];
  try {
    const { stdout } = await run("aws", ["--profile", "acme", ...whoAmI], { env });
    console.log(`$ aws --profile acme ${whoAmI.join(" ")}\n${stdout.trim()}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    console.log("(There is no aws command on the PATH to use it with.)");
  }

  heading("A day later: initech has not answered");
  clock.advance("25h");
  // What is due on the clock happens when somebody looks.
  void emulator.store;
  await waited;

  console.log(
    "\nNobody is asked twice by accident: its generation, or renewWhen once AWS has deleted the request, asks initech again.",
  );

  heading("Destroy");
  await stack.destroy();
}
