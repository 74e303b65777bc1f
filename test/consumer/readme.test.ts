import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  IAMClient,
  SendDelegationTokenCommand,
} from "@aws-sdk/client-iam";
import { onThePath } from "../onThePath";
import { Project, pack, ROOT } from "./project";

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

let folder: string;
let project: Project;
let running: ChildProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "readme-"));
  const { tarball } = await pack(folder);
  project = await Project.create(
    {
      ...files,
      "try.mjs": files["try.mjs"]?.replace(PORT, "0") ?? "",
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
      "whoAmI.mjs": `
        import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
        console.log(JSON.stringify(await new STSClient().send(new GetCallerIdentityCommand())));
      `,
    },
    tarball,
  );
});
afterAll(async () => {
  running?.kill("SIGKILL");
  await project?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The packed package's commands by `npx`, which would ask the registry for them. */
async function npxIn(path: string): Promise<string> {
  const bin = join(path, "commands");
  await mkdir(bin);
  const script = `#!/bin/sh\nname=$1; shift\nexec node node_modules/pulumi-aws-approvals/bin/$name.js "$@"\n`;
  await writeFile(join(bin, "npx"), script, { mode: 0o755 });
  return bin;
}

test("its blocks, one after the other, lead from an empty folder to the customer's credentials", async () => {
  expect(Object.keys(files)).toEqual(["try.mjs", "index.ts"]);
  const { peerDependencies } = require(join(ROOT, "package.json"));
  const installed = commands("npm install").trim().split(" ").slice(2);
  for (const one of installed.filter((name) => name !== "pulumi-aws-approvals")) {
    const [, name = "", major] = /^(@?[^@]+)(?:@(\d+))?$/.exec(one) ?? [];
    expect(peerDependencies[name]).toMatch(major ? `^${major}.` : "^");
  }

  const PATH = [await npxIn(project.path), process.env["PATH"]].join(delimiter);
  const env = { PATH, HOME: project.path };
  const [node, ...args] = commands("node try.mjs").trim().split(" ");
  expect(node).toBe("node");
  const tried = spawn(process.execPath, args, { cwd: project.path, env });
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
    .replace(whoAmI, onThePath("aws", "README's call with the AWS CLI") ? whoAmI : "node whoAmI.mjs");
  const shell = spawn("bash", ["-ec", script], { cwd: project.path, env });
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

  tried.kill("SIGINT");
  await once(tried, "close");
  await expect(fetch(link)).rejects.toThrow();
});

test("its team is made by the program as it is written", async () => {
  const { changes, outputs } = JSON.parse((await project.node("team.mjs")).trim().split("\n").at(-1) ?? "");
  expect(changes.sort()).toEqual(["create ApprovalTeam restores", "create IdentitySource people"]);
  expect(outputs.approvalPortalUrl).toMatch(/^http:/);
});
