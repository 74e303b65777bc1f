import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { DYNAMIC_PROVIDER, findEngine, type RealEngine } from "./engine";
import { MODULE, pinned } from "./pinned";

type Say = (line: string) => void;

const ENGINE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const YAML_HOST = "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml";

/** A Pulumi engine that works: the one that is there, or else the pinned one, built. */
export async function provideEngine(say: Say): Promise<RealEngine> {
  return (await findEngine(say)) ?? (await buildEngine(say));
}

async function buildEngine(say: Say): Promise<RealEngine> {
  await checkGo();
  const { folder, version } = pinned;
  await mkdir(dirname(folder), { recursive: true });
  // What may be there is of no use: findEngine has said why.
  await rm(folder, { recursive: true, force: true });
  // Whoever looks for an engine sees a whole one or none.
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    say(`Building Pulumi ${version}: some minutes the first time …`);
    const bin = join(unfinished, "bin");
    // The Automation API takes no engine that does not know its version.
    const setVersion = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`;
    await goBuild([ENGINE, YAML_HOST], bin, setVersion, say);
    await addDynamicProvider(bin);
    await rename(unfinished, folder).catch((error: NodeJS.ErrnoException) => {
      // Another run has built the same meanwhile.
      if (!["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code ?? "")) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  const built = await findEngine(say);
  if (built === undefined) throw new Error("the engine was built, but cannot be used");
  return built;
}

/** @throws Error that says which Go is needed */
async function checkGo(): Promise<void> {
  const needed = `building Pulumi ${pinned.version} takes Go ${pinned.go} or newer (https://go.dev/dl/)`;
  // In the module's folder a newer Go than the one on the PATH may answer: it fetches what go.mod asks for, if it may.
  const go = promisify(execFile)("go", ["env", "GOVERSION"], { cwd: MODULE, env: process.env });
  const { stdout } = await go.catch((error: NodeJS.ErrnoException & { stderr?: string }) => {
    const reason = error.code === "ENOENT" ? "there is no go on the PATH" : String(error.stderr).trim();
    throw new Error(`${needed}: ${reason}`);
  });
  const version = stdout.trim().replace(/^go/, "");
  if (version.localeCompare(pinned.go, "en", { numeric: true }) < 0) {
    throw new Error(`${needed}: the go on the PATH is ${version}`);
  }
}

async function goBuild(packagePaths: string[], folder: string, flags: string, say: Say): Promise<void> {
  const go = spawn(
    "go",
    ["build", "-o", `${folder}/`, "-ldflags", `-s -w ${flags}`, ...packagePaths],
    // A workspace around this repository must not lead to other versions than those of go.mod.
    { cwd: MODULE, env: { ...process.env, GOWORK: "off" }, stdio: ["ignore", "ignore", "pipe"] },
  );
  createInterface(go.stderr).on("line", say);
  // At Ctrl-C go ends, and what it left is removed.
  const endWithGo = () => {};
  process.on("SIGINT", endWithGo);
  const [code, signal] = await once(go, "close").finally(() => process.off("SIGINT", endWithGo));
  if (code !== 0) throw new Error(`go build ended with ${signal ?? code}; what it said is above`);
}

/** The engine wants it beside itself. It resolves the SDK from the program's folder, so any SDK's will do. */
async function addDynamicProvider(folder: string): Promise<void> {
  const file = join(folder, DYNAMIC_PROVIDER);
  await copyFile(join(dirname(require.resolve("@pulumi/pulumi/package.json")), DYNAMIC_PROVIDER), file);
  await chmod(file, 0o755);
}
