import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { provideEngine } from "../../tools/buildEngine";
import { DYNAMIC_PROVIDER, findEngine, titleOf } from "../../tools/engine";
import { pinned } from "../../tools/pinned";

const ROOT = resolve(__dirname, "../..");
let environment: jest.ReplaceProperty<NodeJS.ProcessEnv>;

let folder: string;
/** The one folder on the PATH. */
let bin: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "find-engine-"));
  bin = join(folder, "bin");
  mkdirSync(bin);
  environment = jest.replaceProperty(process, "env", {
    ...process.env,
    ...{ PATH: bin, XDG_CACHE_HOME: join(folder, "cache") },
  });
  said = [];
});
afterEach(() => {
  environment.restore();
  rmSync(folder, { recursive: true, force: true });
});

function install(name: string, script: string, into = bin): string {
  // The engine of this machine is not a test's to write to.
  expect(into.startsWith(folder)).toBe(true);
  mkdirSync(into, { recursive: true });
  const file = join(into, name);
  writeFileSync(file, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}
const installPulumi = (script: string, into = bin) => {
  install(DYNAMIC_PROVIDER, "", into);
  return install("pulumi", script, into);
};
const find = (hungMs?: number) => findEngine((line) => said.push(line), hungMs);

describe("the engine that is found", () => {
  test("is none where there is none, and nothing is said", async () => {
    expect(await find()).toBeUndefined();
    expect(said).toEqual([]);
  });

  test("is the pulumi on the PATH", async () => {
    installPulumi("echo v3.274.1");
    const engine = await find();
    expect(engine).toMatchObject({ folder: bin, runsFolders: false });
    expect(engine && titleOf(engine)).toMatch(/^Pulumi 3\.274\.1 of .* inline programs only/);
    expect(said).toEqual([]);
  });

  test("runs folders where the Node.js language host is", async () => {
    installPulumi("echo v3.274.1");
    install("pulumi-language-nodejs", "");
    expect(await find()).toMatchObject({ runsFolders: true });
  });

  test.each([
    ["prints no version", "echo hello", /prints no version, but "hello"/],
    ["prints nothing", "exit 0", /prints no version, but ""/],
    ["is too old for the Automation API", "echo v2.25.0", /minimum CLI version requirement is .* v2\.25\.0/],
    ["crashes", "echo no such thing >&2; exit 3", /ended with 3: no such thing/],
    ["is killed", "kill -9 $$", /ended with SIGKILL/],
  ])("is none where pulumi %s, and the reason is said once", async (_, script, reason) => {
    const file = installPulumi(script);
    expect(await find()).toBeUndefined();
    expect(said).toEqual([expect.stringMatching(reason)]);
    expect(said[0]).toContain(`${file} is not used: `);
  });

  test("is none where pulumi hangs", async () => {
    installPulumi("exec sleep 1000000");
    expect(await find(500)).toBeUndefined();
    expect(said).toEqual([expect.stringContaining("pulumi version has not ended after 0.5 s")]);
  });

  test("is none where nothing starts dynamic providers", async () => {
    install("pulumi", "echo v3.274.1");
    expect(await find()).toBeUndefined();
    expect(said).toEqual([expect.stringContaining(`there is no ${DYNAMIC_PROVIDER} beside it`)]);
  });

  test("is the one that was built, where that on the PATH is of no use", async () => {
    installPulumi("echo v2.25.0");
    const built = join(pinned.folder, "bin");
    installPulumi("echo v3.274.1", built);
    expect(await find()).toMatchObject({ folder: built, runsFolders: false });
    expect(said).toEqual([expect.stringContaining(`${bin}/pulumi is not used`)]);
  });

  test("is not what cannot be executed", async () => {
    chmodSync(installPulumi("echo v3.274.1"), 0o644);
    expect(await find()).toBeUndefined();
  });
});

describe("npm run engine", () => {
  /** A go that builds a pulumi of the pinned version. */
  const builder = (version: string) => `
    case "$1" in
      env) echo ${version} ;;
      build) mkdir -p "$3"
        printf '#!/bin/sh\\necho ${pinned.version}\\n' > "$3pulumi"; chmod +x "$3pulumi" ;;
    esac`;
  const provide = () => provideEngine((line) => said.push(line));

  test("prints the folder of the pulumi on the PATH, and that alone", async () => {
    installPulumi("echo v3.100.0");
    const script = ["--import", "tsx", join(ROOT, "tools", "engineCommand.ts")];
    const { stdout } = await promisify(execFile)(process.execPath, script, { cwd: ROOT, env: process.env });
    expect(stdout).toBe(`${bin}\n`);
  });

  test("builds the pinned engine once", async () => {
    install("go", builder(`go${pinned.go}`));
    const built = join(pinned.folder, "bin");
    expect(await provide()).toMatchObject({ folder: built });
    rmSync(join(bin, "go"));
    expect(await provide()).toMatchObject({ folder: built });
  });

  test("builds anew what is of no use", async () => {
    install("go", builder(`go${pinned.go}`));
    const built = join(pinned.folder, "bin");
    installPulumi("exit 1", built);
    expect(await provide()).toMatchObject({ folder: built });
  });

  test.each([
    ["is no go", undefined, "there is no go on the PATH"],
    ["is an old go", builder("go1.9.7"), "the go on the PATH is 1.9.7"],
    ["is a go that says it is too old", "echo go.mod requires more >&2; exit 1", "go.mod requires more"],
  ])("says which Go it needs where there %s", async (_, go, reason) => {
    if (go !== undefined) install("go", go);
    await expect(provide()).rejects.toThrow(reason);
    await expect(provide()).rejects.toThrow(`takes Go ${pinned.go} or newer`);
  });

  test("leaves nothing half-built behind", async () => {
    install("go", `case "$1" in env) echo go${pinned.go} ;; *) echo broken >&2; exit 2 ;; esac`);
    await expect(provide()).rejects.toThrow("go build ended with 2");
    expect(said).toContain("broken");
    expect(readdirSync(dirname(pinned.folder))).toEqual([]);
  });
});
