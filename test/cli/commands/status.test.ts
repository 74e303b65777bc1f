import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { iam, mpa } from "../../../src";
import { createStack } from "../../../src/engine";
import { onThePath } from "../../onThePath";
import { CliHarness, CUSTOMER, fakeOnly, PARTNER, TOPIC, WITHIN_THE_HOUR } from "../cliHarness";
import { Sandbox } from "../sandbox";
import {
  exported,
  inbox,
  RESTORE_ACCESS,
  type Resource,
  request,
  resource,
  SOURCE,
  secret,
  TEAM,
  TEAM_ASSOCIATION,
  VAULT_TEAM,
} from "../stateFile";

let cli: CliHarness;
const inProcess = new Sandbox();
inProcess.install();
beforeAll(async () => {
  cli = await CliHarness.open();
});
afterAll(async () => {
  await cli.close();
  inProcess.close();
});

const ROOT = resolve(__dirname, "../../..");
const ID = "1234567890abcdef";
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString();

const status = (state: string, ...more: string[]) =>
  inProcess.run("status", "--state-file", inProcess.write("state.json", state), ...more);

async function standing(one: Resource): Promise<Record<string, unknown>> {
  const ended = await status(exported(one), "--json");
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(ended.stdout).resources[0];
}

describe("says who is to act", () => {
  const owned = { ownerAccountId: "444455556666", expirationTime: TOMORROW };
  test.each<[string, Record<string, unknown>, string, RegExp]>([
    ["UNASSIGNED", owned, "the customer", /claim it in account 444455556666/],
    ["UNASSIGNED", { expirationTime: YESTERDAY }, "you", /pulumi refresh/],
    ["ASSIGNED", owned, "the customer", /accept, forward or reject/],
    ["PENDING_APPROVAL", owned, "the approver", /accept or reject/],
    ["ACCEPTED", owned, "the customer", /send the token/],
    ["FINALIZED", owned, "you", /use the access/],
    ["REJECTED", { ...owned, rejectionReason: "not now" }, "nobody", /"not now"/],
    ["EXPIRED", { expirationTime: YESTERDAY }, "you", /ask again/],
  ])("on a request that is %s", async (state, outputs, actor, act) => {
    const told = await standing(request("acme", ID, { state, ...outputs }));
    expect(told).toMatchObject({ kind: "delegation request", name: "acme", id: ID, state, actor });
    expect(told["action"]).toMatch(act);
  });

  test("on a request of the plugin", async () => {
    const { outputs } = request("acme", ID, owned);
    const told = await standing(resource("aws-approvals:iam:DelegationRequest", "acme", outputs));
    expect(told).toMatchObject({ kind: "delegation request", name: "acme", id: ID, actor: "the customer" });
  });

  test.each<[string, string, Record<string, unknown>, string, RegExp]>([
    ["identity source", SOURCE, { status: "CREATING" }, "AWS", /^$/],
    ["identity source", "aws-approvals:mpa:IdentitySource", { status: "CREATING" }, "AWS", /^$/],
    [
      "identity source",
      SOURCE,
      { status: "ACTIVE", approvalPortalUrl: "https://portal.example" },
      "nobody",
      /^$/,
    ],
    [
      "identity source",
      SOURCE,
      { status: "ERROR", statusCode: "IDC_INSTANCE_NOT_FOUND" },
      "you",
      /NOT_FOUND/,
    ],
    ["approval team", TEAM, { status: "ACTIVE" }, "nobody", /^$/],
    [
      "approval team",
      TEAM,
      { status: "PENDING", statusCode: "PENDING_ACTIVATION" },
      "the approver",
      /invitation/,
    ],
    [
      "approval team",
      TEAM,
      { status: "ACTIVE", statusCode: "UPDATE_PENDING_APPROVAL" },
      "the approver",
      /vote/,
    ],
    ["approval team", TEAM, { status: "PENDING", statusCode: "VALIDATING" }, "AWS", /^$/],
    ["approval team of a vault", VAULT_TEAM, {}, "nobody", /^$/],
    [
      "approval team of a vault",
      VAULT_TEAM,
      { latestMpaApprovalTeamUpdate: { status: "PENDING", expiryDate: TOMORROW } },
      "the approver",
      /vote/,
    ],
    [
      "approval team of a vault",
      VAULT_TEAM,
      { latestMpaApprovalTeamUpdate: { status: "FAILED" }, refusedMpaApprovalTeamArn: "arn" },
      "you",
      /change generation/,
    ],
    ["approval team of an operation", TEAM_ASSOCIATION, {}, "nobody", /^$/],
    [
      "approval team of an operation",
      TEAM_ASSOCIATION,
      { mpaStatus: { status: "PENDING", initiationDate: YESTERDAY } },
      "the approver",
      /vote/,
    ],
    ["restore-access vault", RESTORE_ACCESS, { vaultState: "CREATING" }, "the approver", /vote/],
    ["restore-access vault", RESTORE_ACCESS, { vaultState: "FAILED" }, "you", /change generation/],
    ["restore-access vault", RESTORE_ACCESS, { vaultState: "AVAILABLE" }, "nobody", /^$/],
  ])("on an %s", async (kind, type, outputs, actor, act) => {
    const told = await standing(resource(type, "people", { arn: "arn:aws:mpa:::x", ...outputs }));
    expect(told).toMatchObject({ kind, name: "people", id: "arn:aws:mpa:::x", actor });
    expect(told["action"]).toMatch(act);
  });

  test("with the link as long as somebody is to open it, and never a secret one", async () => {
    const link = "https://console.example/acme";
    expect(await standing(request("acme", ID))).toMatchObject({ link });
    expect(await standing(request("acme", ID, { state: "FINALIZED" }))).toMatchObject({ link: null });
    const hidden = async (consoleDeepLink: unknown) => standing(request("acme", ID, { consoleDeepLink }));
    expect(await hidden(link)).toMatchObject({ link, noLink: null });
    expect(await hidden(secret)).toMatchObject({ link: null, noLink: "secret" });
    expect(await hidden(undefined)).toMatchObject({ link: null, noLink: "missing" });
  });
});

test("list shows what is granted, in which account and until when", async () => {
  const [granted, rejected, open] = [
    await cli.createRequest(),
    await cli.createRequest(),
    await cli.createRequest(),
  ];
  // More than SQS hands out at once.
  await cli.deliverMany(20, (index) => ({ RequestId: `another-of-many-${index}`, State: "ASSIGNED" }));
  await cli.grant(granted);
  await cli.reject(rejected);
  const file = join(cli.home, "three.json");
  const requests = [request("acme", granted), request("globex", rejected), request("hooli", open)];
  writeFileSync(file, exported(...requests, inbox(cli.queueUrl)));
  const list = (...more: string[]) => cli.run(["list", "--state-file", file, ...more]);
  const accessEndsAt = new Date(cli.clock.now().getTime() + 3_600_000).toISOString();
  const grant = { name: "acme", requestId: granted, ownerAccountId: CUSTOMER, accessEndsAt };
  const { stdout } = await list("--json");
  expect(JSON.parse(stdout)).toEqual({ stack: "dev", grants: [{ ...grant, hasCredentials: false }] });
  await cli.run(["credentials", "--request", "acme", "--state-file", file]);
  const until = `${accessEndsAt.slice(0, 16).replace("T", " ")} UTC`;
  expect((await list()).stdout).toMatch(
    new RegExp(
      `^request +account +access until +credentials\nacme +${CUSTOMER}  ${until}, ${WITHIN_THE_HOUR} +kept here\n$`,
    ),
  );
});

test("list says so when nothing is granted", async () => {
  const file = inProcess.write("none.json", exported(request("acme", ID)));
  expect(await inProcess.run("list", "--state-file", file)).toMatchObject({
    code: 0,
    stdout: `Nothing is granted. What people are asked for: aws-approvals status --state-file ${file}\n`,
  });
});

test("knows more than the stack when the inbox has heard more, and goes without where it cannot be read", async () => {
  const id = await cli.createRequest();
  await cli.grant(id);
  const state = exported(request("acme", id), inbox(cli.queueUrl));
  const until = new Date(cli.clock.now().getTime() + 3_600_000).toISOString();
  const ended = await cli.run(["status", "--state-file", "-", "--json"], { stdin: state });
  expect(JSON.parse(ended.stdout).resources).toEqual([
    expect.objectContaining({ state: "FINALIZED", actor: "you", until }),
  ]);
  cli.fault = ({ service }) =>
    service === "dynamodb" ? { error: { status: 400, code: "AccessDeniedException" } } : undefined;
  const without = await cli.run(["status", "--state-file", "-", "--json"], { stdin: state });
  expect(JSON.parse(without.stdout).resources).toEqual([expect.objectContaining({ state: "UNASSIGNED" })]);
  expect(without).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/AccessDenied.*last up or refresh/),
  });
  cli.fault = undefined;
});

test("what has ended, AWS's clock says, when this machine's is ahead", async () => {
  const id = await cli.createRequest();
  await cli.grant(id);
  const state = exported(request("acme", id), inbox(cli.queueUrl));
  fakeOnly(["Date"], Date.now() + 3 * 3_600_000);
  const run = (...args: string[]) => cli.run([...args, "--state-file", "-", "--json"], { stdin: state });
  const [list, status] = [await run("list"), await run("status")];
  jest.useRealTimers();
  expect(JSON.parse(list.stdout).grants).toMatchObject([{ requestId: id }]);
  expect(JSON.parse(status.stdout).resources).toMatchObject([{ action: "use the access" }]);
});

test("shows for each what there is to copy, in 80 columns", async () => {
  const owned = { ownerAccountId: "444455556666", expirationTime: "2026-03-01T12:00:00Z" };
  const long = `https://console.example/${"x".repeat(80)}`;
  const { stdout } = await cli.run(["status", "--state-file", "-"], {
    stdin: exported(
      request("acme", ID, { ...owned, state: "ACCEPTED" }),
      request("globex", ID.replace("1", "2"), { consoleDeepLink: long }),
      request("initech", ID.replace("1", "3"), { consoleDeepLink: secret }),
      request("hooli", ID.replace("1", "4"), { consoleDeepLink: undefined }),
      request("it's done", ID.replace("1", "5"), { state: "FINALIZED" }),
      request("elsewhere", ID.replace("1", "6"), { notificationChannel: `${TOPIC}-2` }),
      inbox(cli.queueUrl),
      resource(SOURCE, "people", { arn: "arn:aws:mpa:::x", status: "CREATING" }),
    ),
  });
  expect(stdout).toContain(
    "acme: delegation request, ACCEPTED\n" +
      "  you: run pulumi refresh: it has expired, unless somebody has acted on it\n" +
      `  until: 2026-03-01 12:00 UTC\n  id: ${ID}\n\n`,
  );
  expect(stdout).toContain(`  link:\n  ${long}\n  next: aws-approvals wait --request globex\n`);
  expect(stdout).toContain(
    "  link: a secret of the stack, which this shows:\n  pulumi stack export --show-secrets\n",
  );
  expect(stdout).toContain("  link: missing. ");
  expect(stdout).toContain(
    `  next:\n  aws-approvals exec --request 'it'"'"'s done' -- aws sts get-caller-identity\n`,
  );
  // The stack does not say which table has its answers, and `wait` would ask for it.
  expect(stdout).toContain("  next: aws-approvals wait --request elsewhere --table ARN\n");
  expect(stdout).toContain("people: identity source, CREATING\n  AWS is to act\n  id: arn:aws:mpa:::x\n");
  const wide = stdout.split("\n").filter((line) => line.length > 80);
  expect(wide).toEqual([`  ${long}`]);
});

test("names the stack that was given in what is to be run next", async () => {
  const file = inProcess.write("of acme.json", exported(request("acme", ID)));
  const { stdout } = await inProcess.run("status", "--state-file", file);
  expect(stdout).toContain(`aws-approvals wait --request acme --state-file '${file}' --table ARN\n`);
});

test("lets nobody write to the terminal what moves its cursor", async () => {
  const { stdout } = await status(
    exported(request("acme", ID, { state: "REJECTED", rejectionReason: "\u001b[2Jgone" })),
  );
  expect(stdout).toContain("\uFFFD[2Jgone");
  expect(stdout).not.toContain("\u001b");
});

test("says so when there is none", async () => {
  const ended = await status(exported());
  expect(ended.stdout).toBe(
    "The stack dev has no delegation requests, identity sources, approval teams or restore-access vaults.\n",
  );
  expect(JSON.parse((await status(exported(), "--json")).stdout)).toEqual({ stack: "dev", resources: [] });
});

test.each([
  ["text", "nonsense"],
  ["another document", '{"version":3}'],
])("refuses %s as a state", async (_, text) => {
  expect(await status(text)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/: --state-file \S+state\.json: this is not the state of a stack/),
  });
});

test("reads a file, in a backend's form too", async () => {
  const file = join(cli.home, "dev.json");
  const { deployment } = JSON.parse(exported(request("acme", ID)));
  writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { stack: "dev", latest: deployment } }));
  expect((await cli.run(["status", "--state-file", file])).stdout).toContain("acme");
  const missing = await cli.run(["status", "--state-file", `${file}x`]);
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("ENOENT") });
});

describe("runs pulumi", () => {
  /** A folder with a command `pulumi` in it. */
  function withPulumi(script: string): Record<string, string> {
    const folder = join(cli.home, "bin");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
    return { PATH: [folder, "/usr/bin", "/bin"].join(delimiter) };
  }

  test("for the stack that is asked for", async () => {
    writeFileSync(join(cli.home, "exported.json"), exported(request("acme", ID)));
    const env = withPulumi(`echo "$@" > "${cli.home}/args"; cat "${cli.home}/exported.json"`);
    expect((await cli.run(["status", "--stack", "org/vendor/dev"], { env })).stdout).toContain("acme");
    expect(readFileSync(join(cli.home, "args"), "utf8")).toContain(
      "stack export --non-interactive --stack org/vendor/dev",
    );
  });

  test("and tells what it says when it fails, and which options may help", async () => {
    const env = withPulumi('echo "error: no stack selected" >&2; exit 255');
    const ended = await cli.run(["status"], { env });
    expect(ended).toMatchObject({
      code: 1,
      stderr:
        "aws-approvals: pulumi stack export: no stack selected " +
        "(--cwd FOLDER names the program's folder, --stack STACK its stack.)\n",
    });
  });

  test("and says what to do when there is none", async () => {
    const ended = await cli.run(["status"], { env: { PATH: "" } });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("--state-file FILE") });
  });
});

describe("reads what a real program leaves", () => {
  const passphrase = "of the tests";
  const expected = {
    stack: "dev",
    resources: [
      { kind: "delegation request", name: "acme", state: "UNASSIGNED", actor: "the customer", link: null },
      { kind: "identity source", name: "people", state: "ACTIVE", actor: "nobody" },
    ],
  };
  let stateFile: string;

  beforeAll(async () => {
    cli.emulator.identitySourceCreation = { delayMs: 0 };
    stateFile = join(cli.home, "offline.json");
    const stack = createStack({
      program: () => {
        const instanceArn = "arn:aws:sso:::instance/ssoins-1234567890abcdef";
        new mpa.IdentitySource("people", { iamIdentityCenter: { instanceArn, region: "us-east-1" } });
        new iam.DelegationRequest(
          "acme",
          {
            description: "Back up",
            permissions: { policyTemplateArn: `arn:aws:iam::${PARTNER}:delegation-template/backup` },
            notificationChannel: TOPIC,
            sessionDuration: 3600,
          },
          { additionalSecretOutputs: ["consoleDeepLink"] },
        );
        return {};
      },
      stateFile,
      passphrase,
      cwd: ROOT,
      inlineProvider: true,
      env: { ...cli.env, HOME: process.env["HOME"] ?? "" },
      onOutput: () => {},
    });
    await stack.up().finally(() => stack.close());
  });

  test("from its file", async () => {
    const { stdout } = await cli.run(["status", "--state-file", stateFile, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject(expected);
  });

  const whereInstalled = onThePath("pulumi", "aws-approvals status with the Pulumi CLI") ? test : test.skip;

  whereInstalled("from the Pulumi CLI", async () => {
    const cwd = join(cli.home, "project");
    const backend = join(cli.home, "backend");
    for (const folder of [cwd, backend]) mkdirSync(folder);
    writeFileSync(join(cwd, "Pulumi.yaml"), "name: project\nruntime: nodejs\n");
    const env = {
      ...cli.env,
      PULUMI_HOME: join(cli.home, "pulumi"),
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const pulumi = (...args: string[]) =>
      promisify(execFile)("pulumi", [...args, "--non-interactive"], { cwd, env });
    await pulumi("stack", "init", "dev");
    await pulumi("stack", "import", "--file", stateFile);
    const { stdout, stderr } = await cli.run(["status", "--json"], { cwd, env });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject(expected);
  });
});
