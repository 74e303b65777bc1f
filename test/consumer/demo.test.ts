import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PassThrough } from "node:stream";
import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  IAMClient,
  SendDelegationTokenCommand,
} from "@aws-sdk/client-iam";
import { offerToOpen } from "../../demo/openPage";
import { SESSION, sessionSvg } from "../../tools/sessionSvg";

const ROOT = join(__dirname, "../..");

let demo: ChildProcess | undefined;
afterEach(() => {
  demo?.kill("SIGKILL");
});

/** The demo as a newcomer runs it; `until` reads what it prints until that is there. */
function startDemo(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--import", "tsx", join(ROOT, "demo/demo.ts"), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    // What somebody's shell may have set, and what would lead the demo out of the embedded AWS.
    env: {
      ...process.env,
      AWS_ENDPOINT_URL_IAM: "http://127.0.0.1:1",
      AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:1",
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
      AWS_PROFILE: "production",
      AWS_USE_FIPS_ENDPOINT: "true",
      ...env,
    },
  });
  demo = child;
  let printed = "";
  let wake = () => {};
  const hear = (chunk: Buffer) => {
    printed += chunk;
    wake();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  child.on("close", () => wake());
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(printed);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`the demo ended without ${pattern}:\n${printed}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { child, until, printed: () => printed };
}

test("stops at the link, goes on when somebody has decided, and leaves nothing running at Ctrl-C", async () => {
  const { child, until, printed } = startDemo(["--engine", "offline", "--browse"]);
  const [, endpoint = "", DelegationRequestId = ""] = await until(
    /You are the customer[\s\S]*(http:\/\/[^/]+)\/iam\/account-access-requests\/review\/([\w-]+)\s/,
  );
  await until(/UNASSIGNED: Waiting for somebody to claim/);
  expect(printed()).not.toContain("pulumi up --refresh");

  const credentials = { accessKeyId: "222222222222", secretAccessKey: "test" };
  const iam = new IAMClient({ endpoint, region: "us-east-1", credentials });
  await iam.send(new AssociateDelegationRequestCommand({ DelegationRequestId }));
  await iam.send(new AcceptDelegationRequestCommand({ DelegationRequestId }));
  await iam.send(new SendDelegationTokenCommand({ DelegationRequestId }));
  iam.destroy();
  await until(/actingAs: .*→\s+arn:aws:iam::222222222222:root/);
  expect(printed()).not.toMatch(/warning/i);

  // Twice, as a terminal and the loader tell it.
  child.kill("SIGINT");
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  expect(code).toBe(130);
  await expect(fetch(endpoint)).rejects.toThrow();
});

test("ends quietly when nobody reads on, and leaves nothing running", async () => {
  const { child, until } = startDemo(["quickstart"]);
  const [, endpoint = ""] = await until(/(http:\/\/[^/]+)\/iam\/account-access-requests/);
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  child.stdout.destroy();
  expect(await once(child, "close")).toEqual([141, null]);
  expect(errors).toBe("");
  await expect(fetch(endpoint)).rejects.toThrow();
});

test("plays what docs/session.svg shows", async () => {
  const { child, printed } = startDemo(SESSION);
  expect(await once(child, "close")).toEqual([0, null]);
  expect(sessionSvg(printed())).toBe(readFileSync(join(ROOT, "docs/session.svg"), "utf8"));
});

test("offers to open the page where there is a terminal and a screen", async () => {
  const folder = mkdtempSync(join(tmpdir(), "opener-"));
  const opened = join(folder, "opened");
  writeFileSync(
    join(folder, "xdg-open"),
    `#!/bin/sh\necho "$1" > ${opened}.new && mv ${opened}.new ${opened}\n`,
    {
      mode: 0o755,
    },
  );
  const { PATH } = process.env;
  process.env["PATH"] = [folder, PATH].join(delimiter);
  try {
    const lines: string[] = [];
    const show = (line: string) => void lines.push(line);
    const stdin = Object.assign(new PassThrough(), { isTTY: true as const });
    const terminal = { stdin, stdout: { isTTY: true as const }, platform: "linux" as const };
    offerToOpen("http://page", show, { ...terminal, env: {} })();
    expect(lines.splice(0)).toEqual(["http://page"]);

    const watcher = watch(folder);
    const withdraw = offerToOpen("http://page", show, { ...terminal, env: { DISPLAY: ":0" } });
    expect(lines).toEqual(["http://page", "Press Enter to open the page in your browser."]);
    expect(existsSync(opened)).toBe(false);
    stdin.write("\n");
    while (!existsSync(opened)) await once(watcher, "change");
    watcher.close();
    withdraw();
    expect(readFileSync(opened, "utf8")).toBe("http://page\n");
  } finally {
    process.env["PATH"] = PATH;
    rmSync(folder, { recursive: true, force: true });
  }
});

test("says what it cannot do", async () => {
  const { child, until } = startDemo(["--engine", "terraform"]);
  await until(/demo: --engine terraform: must be pulumi or offline/);
  if (child.exitCode === null) await once(child, "close");
  expect(child.exitCode).toBe(1);
});

test("says why the pulumi on the PATH is of no use", async () => {
  const folder = mkdtempSync(join(tmpdir(), "old-pulumi-"));
  try {
    writeFileSync(join(folder, "pulumi"), "#!/bin/sh\necho v2.25.0\n", { mode: 0o755 });
    const PATH = [folder, process.env["PATH"]].join(delimiter);
    const { child, until } = startDemo(["--engine", "pulumi"], { PATH, XDG_CACHE_HOME: folder });
    await until(/pulumi is not used: .*v2\.25\.0/);
    await until(/demo: --engine pulumi: there is no usable pulumi command on the PATH/);
    if (child.exitCode === null) await once(child, "close");
    expect(child.exitCode).toBe(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
