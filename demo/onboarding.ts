import { execFile, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { ManualClock } from "../src/testing";
import type { Stage } from "./stage";
import { STORY } from "./story";

const COMMAND = resolve(__dirname, "../bin/aws-approvals.js");
const run = promisify(execFile);
const TOLD = STORY["partner-onboarding"];

type Outputs = Record<"links" | "requestIds", Record<string, string>>;

/**
 * Plays examples/partner-onboarding: three customers are asked; one says yes, one says no, one does not answer. Topics
 * and queues are @pulumi/aws's, which stand-ins play.
 */
export async function onboarding(stage: Stage): Promise<void> {
  const folder = await stage.openFolder();
  const clock = new ManualClock();
  const cloud = await stage.openCloud({ clock });
  const engine = await stage.openEngine("partner-onboarding");

  stage.step(TOLD.ask);
  const asked = await engine.up();
  stage.showResult(asked);
  const { links, requestIds } = asked.outputs as Outputs;
  for (const [name, link] of Object.entries(links)) stage.show(`${name}: ${link}`);
  const { acme = "", globex = "" } = requestIds;

  const env = {
    ...process.env,
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_APPROVALS_HOME: join(folder, "cache"),
  };
  const stateFile = join(folder, "state.json");
  await writeFile(stateFile, JSON.stringify(await engine.exportState()), { mode: 0o600 });

  stage.step(TOLD.wait);
  const wait = startWait(stage, stateFile, env);
  await cloud.customer("222222222222").approve(acme);
  await wait.printed("acme: FINALIZED");
  await cloud.customer("333333333333").reject(globex, "Not before the audit");
  await wait.printed("globex: REJECTED");

  stage.step(TOLD.profile);
  const credentials = `credentials --request acme --state-file ${stateFile}`;
  const profile = `[profile acme]\ncredential_process = "${process.execPath}" "${COMMAND}" ${credentials}\nregion = us-east-1\n`;
  await writeFile(env.AWS_CONFIG_FILE, profile);
  stage.show("[profile acme]");
  stage.show("credential_process = aws-approvals credentials --request acme");
  await showCaller(stage, env);

  stage.step(TOLD.expire);
  clock.advance("25h");
  // What is due on the clock happens when somebody looks.
  void cloud.store;
  await wait.ended;

  stage.step(TOLD.destroy);
  stage.showResult(await engine.destroy({ refresh: true }));
}

/** Runs `aws-approvals wait`, and shows what it prints under the step at which it does. */
function startWait(stage: Stage, stateFile: string, env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [COMMAND, "wait", "--state-file", stateFile], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  stage.atEnd(async () => void child.kill());
  const ended = once(child, "close");
  const seen: string[] = [];
  const printed = new EventEmitter();
  // What happens goes to stderr, and the outcome to stdout.
  for (const input of [child.stderr, child.stdout])
    createInterface({ input }).on("line", (line) => {
      seen.push(line);
      stage.show(line);
      printed.emit("line");
    });
  return {
    ended,
    /** Waits until it has printed a line with this text. */
    async printed(text: string): Promise<void> {
      while (!seen.some((line) => line.includes(text))) {
        const hasEnded = await Promise.race([
          once(printed, "line").then(() => false),
          ended.then(() => true),
        ]);
        if (hasEnded) throw new Error(`aws-approvals wait ended without "${text}"`);
      }
    },
  };
}

async function showCaller(stage: Stage, env: NodeJS.ProcessEnv): Promise<void> {
  const whoAmI = ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"];
  try {
    const { stdout } = await run("aws", ["--profile", "acme", ...whoAmI], { env });
    stage.show(`$ aws --profile acme ${whoAmI.join(" ")}`);
    stage.show(stdout.trim());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    stage.show("(There is no aws command on the PATH to use it with.)");
  }
}
