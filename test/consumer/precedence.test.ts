import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { type PrecedenceCase, precedenceCases } from "../aws/precedenceCases";
import { type SeenCall, startSeeingAws } from "../aws/seeingAws";
import { leaveOut } from "../leaveOut";
import { onThePath } from "../onThePath";

// What test/aws/environment.test.ts expects of us, asked of the AWS CLI and of boto3: the order is theirs.

const run = promisify(execFile);
const { PATH = "", HOME = "" } = process.env;
const inEnvironment = {
  PATH,
  // Where a tool that was installed for one user finds itself: the home folder is another, in which the AWS CLI keeps the
  // credentials of roles.
  PYTHONUSERBASE: join(HOME, ".local"),
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_PAGER: "",
};

/** Runs each case with files of its own. @returns what the two embedded AWSes saw of each */
async function outcomesOf(
  tool: "aws" | "boto3",
  call: (prepared: PreparedCase) => Promise<"called" | "error">,
) {
  await using a = await startSeeingAws();
  await using b = await startSeeingAws();
  const folder = mkdtempSync(join(tmpdir(), "aws-precedence-"));
  try {
    const outcomes: [string, unknown][] = [];
    for (const [index, one] of casesFor(tool).entries()) {
      const outcome = await call(prepare(one, join(folder, `${index}`), { a: a.url, b: b.url }));
      const seen = [...taken("a", a.calls), ...taken("b", b.calls)];
      outcomes.push([one.name, outcome === "error" ? "error" : seen]);
    }
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const casesFor = (tool: "aws" | "boto3") => precedenceCases.filter(({ except }) => !except?.[tool]);
const expectedOf = (tool: "aws" | "boto3") =>
  casesFor(tool).map(({ name, expected }) => [name, expected === "error" ? "error" : [expected]]);
const taken = (aws: string, calls: SeenCall[]) => calls.splice(0).map((call) => ({ aws, ...call }));

interface PreparedCase {
  env: Record<string, string>;
  profile: string | undefined;
}

function prepare(
  { config = "", credentials = "", env = {}, profile }: PrecedenceCase,
  stem: string,
  urls: { a: string; b: string },
): PreparedCase {
  const fill = (text: string) =>
    text.replaceAll("{a}", urls.a).replaceAll("{b}", urls.b).replaceAll("{token}", `${stem}.token`);
  writeFileSync(`${stem}.config`, fill(config));
  writeFileSync(`${stem}.credentials`, fill(credentials));
  writeFileSync(`${stem}.token`, "of an identity provider");
  return {
    profile,
    env: {
      ...inEnvironment,
      HOME: dirname(stem),
      AWS_CONFIG_FILE: `${stem}.config`,
      AWS_SHARED_CREDENTIALS_FILE: `${stem}.credentials`,
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)])),
    },
  };
}

const withCli = onThePath("aws", "the precedence of the AWS CLI") ? test : test.skip;

withCli("the AWS CLI calls the same AWS, in the same region, as the same account", async () => {
  const outcomes = await outcomesOf("aws", async ({ env, profile }) => {
    const args = ["sts", "get-caller-identity", ...(profile ? ["--profile", profile] : [])];
    try {
      await run("aws", args, { env });
      return "called";
    } catch (error) {
      const { stderr } = error as { stderr: string };
      if (/The config profile \(.*\) could not be found/.test(stderr)) return "error";
      throw error;
    }
  });
  expect(outcomes).toEqual(expectedOf("aws"));
});

const hasBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;
if (!hasBoto3) leaveOut("the precedence of boto3", "there is no python3 on the PATH that has boto3");

(hasBoto3 ? test : test.skip)(
  "boto3 calls the same AWS, in the same region, as the same account",
  async () => {
    const child = spawn("python3", [join(__dirname, "boto3Precedence.py")], {
      env: { ...inEnvironment, HOME },
      stdio: ["pipe", "pipe", "inherit"],
    });
    try {
      const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const outcomes = await outcomesOf("boto3", async (prepared) => {
        child.stdin.write(`${JSON.stringify(prepared)}\n`);
        return (await answers.next()).value;
      });
      expect(outcomes).toEqual(expectedOf("boto3"));
    } finally {
      child.kill();
    }
  },
);
