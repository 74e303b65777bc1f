import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { findOnPath } from "./findOnPath";
import { pinned } from "./pinned";

/** Pulumi's own engine, as the Automation API drives it. */
export interface RealEngine {
  /** Where `pulumi` is. */
  folder: string;
  command: PulumiCommand;
  /** Whether it is a whole CLI, with the Node.js language host. Without that it runs inline programs only. */
  runsFolders: boolean;
  /** Whether it has the host of YAML programs. */
  runsYaml: boolean;
}

const exe = process.platform === "win32" ? ".exe" : "";
const CLI = `pulumi${exe}`;
/** What the engine starts dynamic providers with. Releases of the CLI carry it, and so does the SDK. */
export const DYNAMIC_PROVIDER = `pulumi-resource-pulumi-nodejs${process.platform === "win32" ? ".cmd" : ""}`;
const LANGUAGE_HOST = `pulumi-language-nodejs${exe}`;
const YAML_HOST = `pulumi-language-yaml${exe}`;

/** After this long, a command that only prints its version is taken to hang. */
const HUNG_MS = 60_000;

/**
 * The `pulumi` on the PATH, or else the one that `npm run engine` has built.
 * @param say is told why one that is there cannot be used
 */
export async function findEngine(
  say: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
  hungMs = HUNG_MS,
): Promise<RealEngine | undefined> {
  const onPath = findOnPath(CLI);
  const built = join(pinned.folder, "bin", CLI);
  for (const [file, root] of [[onPath], [built, pinned.folder]]) {
    if (file === undefined || !existsSync(file)) continue;
    try {
      return await examine(file, root, hungMs);
    } catch (error) {
      say(`${file} is not used: ${(error as Error).message}`);
    }
  }
  return undefined;
}

/** @throws Error with the reason why it cannot be used */
async function examine(file: string, root: string | undefined, hungMs: number): Promise<RealEngine> {
  const printed = await versionOf(file, hungMs);
  if (!/^v?\d+\.\d+\.\d+/.test(printed)) {
    throw new Error(`pulumi version prints no version, but ${JSON.stringify(printed)}`);
  }
  // Knows what the Automation API asks of a version.
  const command = await PulumiCommand.get(root === undefined ? {} : { root }).catch((error: Error) => {
    throw new Error(error.message.trim());
  });
  const has = (name: string) =>
    existsSync(join(dirname(realpathSync(file)), name)) || findOnPath(name) !== undefined;
  if (!has(DYNAMIC_PROVIDER)) {
    throw new Error(`there is no ${DYNAMIC_PROVIDER} beside it or on the PATH`);
  }
  return {
    ...{ folder: dirname(file), command },
    runsFolders: has(LANGUAGE_HOST),
    runsYaml: has(YAML_HOST),
  };
}

async function versionOf(file: string, hungMs: number): Promise<string> {
  const options = {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    ...({ timeout: hungMs, killSignal: "SIGKILL" } as const),
  };
  try {
    const { stdout } = await promisify(execFile)(file, ["version"], options);
    return stdout.trim();
  } catch (error) {
    const {
      killed,
      code,
      signal,
      stderr = "",
    } = error as NodeJS.ErrnoException & {
      killed?: boolean;
      signal?: string;
      stderr?: string;
    };
    if (killed) throw new Error(`pulumi version has not ended after ${hungMs / 1000} s`);
    throw new Error(`pulumi version ended with ${signal ?? code}: ${stderr.trim()}`.replace(/: $/, ""));
  }
}

/** How one speaks of it. */
export const titleOf = ({ command, folder, runsFolders }: RealEngine): string =>
  `Pulumi ${command.version} of ${folder}${runsFolders ? "" : " (no Node.js language host: inline programs only)"}`;
