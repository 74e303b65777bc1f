import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  IAMClient,
  SendDelegationTokenCommand,
} from "@aws-sdk/client-iam";
import { findOnPath } from "../../tools/findOnPath";
import { pythonTools } from "../../tools/pythonTools";
import { figure } from "../figure";
import { leaveOut } from "../leaveOut";
import { Project, pack, ROOT, usersEnvironment } from "./project";
import { findRegistry } from "./registry";

const readme = readFileSync(join(ROOT, "README.md"), "utf8");

/** The files that README shows, by name. */
const files = Object.fromEntries(
  [...readme.matchAll(/^```(?:ts|js) file=(\S+)\n(.*?)^```$/gms)].map(([, name = "", code = ""]) => [
    name,
    code,
  ]),
);

/** README's block of shell commands that has the text. */
function commands(containing: string): string {
  const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  const found = blocks.filter((block) => block.includes(containing));
  if (found[0] === undefined || found.length > 1)
    throw new Error(`README has no one block with ${containing}`);
  return found[0];
}

/** The port that README's blocks agree on, which others may use on this machine. */
const PORT = "4577";

const registry = findRegistry("README's npm install");
let folder: string;
let tarball: string;
let running: ChildProcess | undefined;
/** What the test has made. */
let project: { remove(): Promise<void> } | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "readme-"));
  ({ tarball } = await pack(folder));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  running?.kill("SIGKILL");
  await project?.remove();
});

/** An empty folder in which README's first command has run, and what then stands before the PATH. */
async function installed(command: string): Promise<{ path: string; bin: string[] }> {
  if (registry === undefined) {
    const linked = await Project.create({}, tarball);
    project = linked;
    return { path: linked.path, bin: [await npxIn(linked.path)] };
  }
  const path = await mkdtemp(join(tmpdir(), "newcomer-"));
  project = { remove: () => rm(path, { recursive: true, force: true }) };
  const [npm = "", ...args] = command.trim().split(" ");
  const given = args.map((arg) => (arg === "pulumi-aws-approvals" ? tarball : arg));
  await promisify(execFile)(npm, given, { cwd: path, env: usersEnvironment() });
  return { path, bin: [] };
}

/** The folder of the AWS CLI before the PATH; undefined when there is none to be had. */
async function awsCli(): Promise<string[] | undefined> {
  if (findOnPath("aws") !== undefined) return [];
  const folder = await pythonTools();
  if (folder === undefined)
    leaveOut(
      "README's call with the AWS CLI",
      "there is no aws on the PATH, and no Python to install it with",
    );
  return folder === undefined ? undefined : [folder];
}

/** The packed package's commands by `npx`, which would ask the registry for them. */
async function npxIn(path: string): Promise<string> {
  const bin = join(path, "commands");
  await mkdir(bin);
  const script = `#!/bin/sh\nname=$1; shift\nexec node node_modules/pulumi-aws-approvals/bin/$name.js "$@"\n`;
  await writeFile(join(bin, "npx"), script, { mode: 0o755 });
  return bin;
}

test("a newcomer's way: its blocks, from an empty folder to the customer's credentials", async () => {
  expect(Object.keys(files)).toEqual(["try.mjs", "index.ts"]);
  const install = commands("npm install");
  const { peerDependencies } = require(join(ROOT, "package.json"));
  const packages = install.trim().split(" ").slice(2);
  for (const one of packages.filter((name) => name !== "pulumi-aws-approvals")) {
    const [, name = "", major] = /^(@?[^@]+)(?:@(\d+))?$/.exec(one) ?? [];
    expect(peerDependencies[name]).toMatch(major ? `^${major}.` : "^");
  }
  const aws = await awsCli();

  const start = performance.now();
  const { path, bin } = await installed(install);
  const installedAt = performance.now();
  await writeFile(join(path, "try.mjs"), files["try.mjs"]?.replace(PORT, "0") ?? "");
  await writeFile(
    join(path, "whoAmI.mjs"),
    `import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
    console.log(JSON.stringify(await new STSClient().send(new GetCallerIdentityCommand())));`,
  );
  const env = {
    ...usersEnvironment(),
    PATH: [...bin, ...(aws ?? []), usersEnvironment()["PATH"]].join(delimiter),
    AWS_APPROVALS_HOME: join(path, "kept"),
    AWS_CONFIG_FILE: join(path, "no-config"),
    AWS_SHARED_CREDENTIALS_FILE: join(path, "no-credentials"),
    AWS_PAGER: "",
  };
  const [node, ...args] = commands("node try.mjs").trim().split(" ");
  expect(node).toBe("node");
  const tried = spawn(process.execPath, args, { cwd: path, env });
  running = tried;
  const complaints = text(tried.stderr);
  const link = await new Promise<URL>((resolve, reject) => {
    let printed = "";
    tried.stdout.on("data", (chunk: Buffer) => {
      printed += chunk;
      const [url] = /http:\S+(?=\n)/.exec(printed) ?? [];
      if (url) resolve(new URL(url));
    });
    tried.once("exit", async () => reject(new Error(`it ended: ${printed}${await complaints}`)));
  });
  expect(await (await fetch(link)).text()).toContain("Claim the request");

  const second = commands("aws-approvals wait");
  expect(second).toContain(`http://127.0.0.1:${PORT}`);
  const whoAmI = "aws sts get-caller-identity";
  expect(second).toContain(`-- ${whoAmI}\n`);
  const script = second
    .replace(`http://127.0.0.1:${PORT}`, link.origin)
    .replace(whoAmI, aws ? whoAmI : "node whoAmI.mjs");
  const shell = spawn("bash", ["-ec", script], { cwd: path, env });
  const ended = Promise.all([text(shell.stdout), text(shell.stderr), once(shell, "close")]);

  const DelegationRequestId = link.pathname.split("/").at(-1);
  const credentials = { accessKeyId: "222222222222Administrator", secretAccessKey: "test" };
  const customer = new IAMClient({ endpoint: link.origin, region: "us-east-1", credentials });
  await customer.send(new AssociateDelegationRequestCommand({ DelegationRequestId }));
  await customer.send(new AcceptDelegationRequestCommand({ DelegationRequestId }));
  await customer.send(new SendDelegationTokenCommand({ DelegationRequestId }));
  customer.destroy();

  const [stdout, stderr, [code]] = await ended;
  expect({ code, stderr, stdout }).toEqual({
    code: 0,
    stderr: expect.stringContaining("You are arn:aws:sts::222222222222:assumed-role/Administrator/"),
    stdout: expect.stringMatching(/acme: granted[\s\S]*"Account": ?"222222222222"/),
  });

  // What `wait` proposes is what README says next.
  expect(stdout.replace(/\n {2}(?=npx)/, " ")).toContain(`next: ${second.trim().split("\n").at(-1)}\n`);
  const seconds = (from: number) => Math.round((performance.now() - from) / 1000);
  const typed = [install, commands("node try.mjs"), second].join("").trim().split("\n").length;
  figure(
    `From an empty folder to the customer's credentials: ${typed} commands and one file, ${seconds(start)} s` +
      (registry === undefined
        ? " without npm install"
        : `, of which npm install ${Math.round((installedAt - start) / 1000)} s`),
  );
  tried.kill("SIGINT");
  await once(tried, "close");
  await expect(fetch(link)).rejects.toThrow();
});

test("its team is made by the program as it is written", async () => {
  const linked = await Project.create(
    {
      ...files,
      "Pulumi.yaml": "name: restores\nruntime: nodejs\n",
      "team.mjs": `
        import { startEmulator, testStack } from "pulumi-aws-approvals/testing";
        const users = ["alice", "bob", "carol"].map((userName) => (
          { identityStoreId: "d-1234567890", userId: "id-of-" + userName, userName }));
        const emulator = await startEmulator({ users });
        const stack = await testStack({ emulator, program: { workDir: "." } });
        const { changes, outputs } = await stack.up();
        console.log(JSON.stringify({ changes, outputs }));
        await stack.close();
        await emulator.close();
      `,
    },
    tarball,
  );
  project = linked;
  const { changes, outputs } = JSON.parse((await linked.node("team.mjs")).trim().split("\n").at(-1) ?? "");
  expect(changes.sort()).toEqual(["create ApprovalTeam restores", "create IdentitySource people"]);
  expect(outputs.approvalPortalUrl).toMatch(/^http:/);
});
